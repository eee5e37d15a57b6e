import type { ExecuteReply } from '../wire/connection';
import type { Message } from '../wire/message';

type Output = Record<string, unknown>;
interface CodeCell {
  id: string;
  cell_type: 'code';
  metadata: object;
  source: string;
  execution_count: number | null;
  outputs: Output[];
}
/** Outputs of one cell beyond this are cut: a notebook must stay one that opens. */
const OUTPUT_LIMIT = 10 * 2 ** 20;

/** Gathers outputs as a notebook keeps them: streams joined, displays updated, `clear_output` honoured. */
export function createExecutedNotebook(kernel: { name: string; language: string }) {
  const cells: CodeCell[] = [];
  let sizeBytes = 0;
  let clearNext = false;

  function add(output: Output, size: number): void {
    const cell = cells.at(-1)!;
    if (clearNext) {
      cell.outputs = [];
      clearNext = false;
    }
    sizeBytes += size;
    if (sizeBytes > OUTPUT_LIMIT) {
      if (sizeBytes - size <= OUTPUT_LIMIT) {
        cell.outputs.push({ output_type: 'stream', name: 'stderr', text: '\n[outputs cut here: they are larger than 10 MB]\n' });
      }
      return;
    }
    const last = cell.outputs.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
      last.text = String(last.text) + String(output.text);
    } else {
      cell.outputs.push(output);
    }
  }

  function hear({ header, content }: Message): void {
    const size = JSON.stringify(content).length;
    switch (header.msg_type) {
      case 'stream':
        return add({ output_type: 'stream', name: content.name, text: content.text }, size);
      case 'display_data':
        return add({ output_type: 'display_data', data: content.data, metadata: content.metadata ?? {}, ...transient(content) }, size);
      case 'execute_result':
        return add({ output_type: 'execute_result', data: content.data, metadata: content.metadata ?? {}, execution_count: content.execution_count }, size);
      case 'error':
        return add({ output_type: 'error', ename: content.ename, evalue: content.evalue, traceback: content.traceback }, size);
      case 'update_display_data':
        return cells.forEach(cell => cell.outputs.filter(o => o.displayId === displayId(content)).forEach(o => Object.assign(o, { data: content.data, metadata: content.metadata ?? {} })));
      case 'clear_output':
        if (content.wait === true) clearNext = true;
        else cells.at(-1)!.outputs = [];
        return;
    }
  }

  return {
    begin(id: string, source: string): void {
      sizeBytes = 0;
      clearNext = false;
      cells.push({ id, cell_type: 'code', metadata: {}, source, execution_count: null, outputs: [] });
    },
    hear,
    end(reply: ExecuteReply): void {
      cells.at(-1)!.execution_count = reply.execution_count ?? null;
    },
    /** nbformat 4.5. */
    toJson(): object {
      const clean = cells.map(cell => ({ ...cell, outputs: cell.outputs.map(({ displayId: _, ...output }) => output) }));
      return {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: { kernelspec: { name: kernel.name, display_name: kernel.name, language: kernel.language }, language_info: { name: kernel.language } },
        cells: clean
      };
    }
  };
}

function displayId(content: Record<string, unknown>): unknown {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}

function transient(content: Record<string, unknown>): { displayId?: unknown } {
  const id = displayId(content);
  return id === undefined ? {} : { displayId: id };
}
