import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ABCWidgetFactory, DocumentWidget, type DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import * as React from 'react';
import { pipelineIcon } from '../core/icons';
import { ISlipway } from '../core/tokens';
import { SlipwayWidget } from '../core/widgets';
import { PipelineFileModel } from './pipeline-file-model';
import { PipelineFileView } from './pipeline-file-view';

const FACTORY = 'Slipway Pipeline';
const FILE_TYPE = 'slipway-pipeline';
type PipelineDocument = DocumentWidget<SlipwayWidget>;

/** Opens `NAME.pipeline.yaml` in the editor of pipelines; its text stays a double click away, under Open With. */
export const pipelineFilesPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:pipeline-files',
  description: 'Opens pipeline files in the editor of pipelines.',
  autoStart: true,
  requires: [ISlipway, IDocumentManager],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, documents: IDocumentManager, restorer: ILayoutRestorer | null) => {
    app.docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: slipway.trans.__('Pipeline'),
      extensions: ['.pipeline.yaml'],
      mimeTypes: ['text/yaml'],
      contentType: 'file',
      fileFormat: 'text',
      icon: pipelineIcon
    });
    const tracker = new WidgetTracker<PipelineDocument>({ namespace: 'slipway-pipeline-file' });
    const factory = new PipelineFileFactory({ slipway, documents, contents: app.serviceManager.contents });
    factory.widgetCreated.connect((_factory, widget) => {
      widget.context.pathChanged.connect(() => void tracker.save(widget));
      void tracker.add(widget);
    });
    app.docRegistry.addWidgetFactory(factory);
    void restorer?.restore(tracker, { command: 'docmanager:open', args: widget => ({ path: widget.context.path, factory: FACTORY }), name: widget => widget.context.path });
  }
};

class PipelineFileFactory extends ABCWidgetFactory<PipelineDocument> {
  constructor(private readonly deps: { slipway: ISlipway; documents: IDocumentManager; contents: Contents.IManager }) {
    super({ name: FACTORY, label: deps.slipway.trans.__('Pipeline editor'), fileTypes: [FILE_TYPE], defaultFor: [FILE_TYPE], modelName: 'text' });
  }

  protected createNewWidget(context: DocumentRegistry.Context): PipelineDocument {
    const { slipway, documents, contents } = this.deps;
    const model = new PipelineFileModel({ slipway, context, contents });
    const onText = (): void => void documents.openOrReveal(context.path, 'Editor', undefined, { mode: 'split-right' });
    const content = new SlipwayWidget(slipway, () => React.createElement(PipelineFileView, { model, onText }));
    content.addClass('jp-SlipwayPage');
    content.disposed.connect(() => model.dispose());
    const widget = new DocumentWidget({ content, context });
    widget.toolbar.hide(); // its buttons stand in the page's heading
    return widget;
  }
}
