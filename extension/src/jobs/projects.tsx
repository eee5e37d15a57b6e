import { endpoints, type Cluster, type ProjectQuota, type ProjectStanding } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { Meter } from './meter';

/** Quotas and shares: what each project holds, is guaranteed, and used lately. */
export function Projects({ cluster, mayManage }: { cluster: Cluster; mayManage: boolean }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [isAdding, setAdding] = React.useState(false);
  const [removed, setRemoved] = React.useState<Undoable | null>(null);
  const onRemoved = (project: string, quota: ProjectQuota): void => {
    setRemoved({ words: trans.__('The quota of %1 was removed.', project), undo: () => client.call(endpoints.scheduler.setQuota, { params: { project }, body: quota }) });
  };
  const counted = cluster.nodes.some(n => n.devices.length > 0) ? 'gpus' : 'cpus';
  const total = cluster.nodes.reduce((sum, n) => sum + (counted === 'gpus' ? n.devices.length : n.cpus.total), 0);
  return (
    <>
      <UndoNote done={removed} onGone={() => setRemoved(null)} />
      <div className="jp-SlipwayProjects">
        {cluster.projects.map(project => (
          <ProjectCard key={project.project} {...{ project, counted, total, mayManage, onRemoved }} />
        ))}
        {mayManage && (isAdding ? <QuotaForm counted={counted} onDone={() => setAdding(false)} /> : <p><Button onClick={() => setAdding(true)}>{trans.__('Set a quota …')}</Button></p>)}
      </div>
    </>
  );
}

type Counted = 'gpus' | 'cpus';

interface CardProps {
  project: ProjectStanding;
  counted: Counted;
  total: number;
  mayManage: boolean;
  onRemoved: (project: string, quota: ProjectQuota) => void;
}

function ProjectCard({ project: p, counted, total, mayManage, onRemoved }: CardProps): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [isEditing, setEditing] = React.useState(false);
  const remove = useAction(async (quota: ProjectQuota) => {
    await client.call(endpoints.scheduler.removeQuota, { params: { project: p.project } });
    onRemoved(p.project, quota);
  });
  const noun = counted === 'gpus' ? trans.__('GPUs') : trans.__('CPUs');
  const guaranteed = p.quota?.guaranteed[counted];
  const used = Math.round(p.used[counted] * 10) / 10;
  const text = guaranteed === undefined ? (used > total ? trans.__('%1, with engines', used) : trans.__('%1 of %2', used, total)) : trans.__('%1, %2 guaranteed', used, guaranteed);
  return (
    <section className="jp-SlipwayProject" aria-label={trans.__('Project %1', p.project)}>
      <header className="jp-SlipwayNode-head">
        <h3>{p.project}</h3>
        <span className="jp-SlipwayFaint">{trans.__('%1 running, %2 waiting', p.running, p.queued)}</span>
        {p.isBorrowing && <span className="jp-SlipwayTag" title={trans.__('Holds more than it is guaranteed, and gives it back when its owner asks')}>{trans.__('borrows')}</span>}
        {mayManage && (
          <span className="jp-SlipwayNode-act">
            <Button kind="link" aria-expanded={isEditing} onClick={() => setEditing(!isEditing)}>{trans.__('Quota …')}</Button>
            {p.quota && <Button kind="link" disabled={remove.isBusy} onClick={() => remove.run(p.quota!)}>{trans.__('Remove')}</Button>}
          </span>
        )}
      </header>
      <Meter label={noun} used={used} total={Math.max(total, used)} mark={guaranteed} text={text} />
      <Meter label={trans.__('Share')} used={p.sharePercent} total={100} text={trans.__('%1 % of what was used lately', Math.round(p.sharePercent))} />
      <ErrorNote error={remove.error} />
      {isEditing && <QuotaForm counted={counted} project={p} onDone={() => setEditing(false)} />}
    </section>
  );
}

function QuotaForm({ counted, project, onDone }: { counted: Counted; project?: ProjectStanding; onDone: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [name, setName] = React.useState(project?.project ?? '');
  const [guaranteed, setGuaranteed] = React.useState(String(project?.quota?.guaranteed[counted] ?? ''));
  const [limit, setLimit] = React.useState(String(project?.quota?.limit?.[counted] ?? ''));
  const [weight, setWeight] = React.useState(String(project?.quota?.weight ?? 1));
  const amounts = (text: string, others: object): Record<string, number> => {
    const { [counted]: _before, ...rest } = others as Record<string, number>;
    return text.trim() === '' ? rest : { ...rest, [counted]: Number(text) };
  };
  const save = useAction(async () => {
    const most = amounts(limit, project?.quota?.limit ?? {});
    const body = { guaranteed: amounts(guaranteed, project?.quota?.guaranteed ?? {}), limit: Object.keys(most).length === 0 ? null : most, weight: Number(weight) };
    await client.call(endpoints.scheduler.setQuota, { params: { project: name.trim() }, body });
    onDone();
  });
  const noun = counted === 'gpus' ? trans.__('GPUs') : trans.__('CPUs');
  const field = (label: string, value: string, set: (text: string) => void, isNumber = true): React.JSX.Element => (
    <label>
      {label} <input className="jp-mod-styled" type={isNumber ? 'number' : 'text'} min={0} step="any" value={value} onChange={event => set(event.target.value)} />
    </label>
  );
  return (
    <form
      className="jp-SlipwayQuotaForm"
      onSubmit={event => {
        event.preventDefault();
        save.run();
      }}
    >
      {!project && field(trans.__('Project'), name, setName, false)}
      {field(trans.__('%1 guaranteed', noun), guaranteed, setGuaranteed)}
      {field(trans.__('%1 at most (empty: all that is idle)', noun), limit, setLimit)}
      {field(trans.__('Weight in the shares'), weight, setWeight)}
      <span>
        <Button kind="accept" type="submit" disabled={save.isBusy || name.trim() === ''}>{trans.__('Save')}</Button> <Button onClick={onDone}>{trans.__('Leave')}</Button>
      </span>
      <ErrorNote error={save.error} />
    </form>
  );
}
