import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ISlipway } from './tokens';
import { UiProvider } from './ui';

/** A Lumino widget that draws one React component with Slipway's context around it. */
export class SlipwayWidget extends ReactWidget {
  constructor(
    private readonly slipway: ISlipway,
    private readonly draw: () => React.JSX.Element
  ) {
    super();
    this.addClass('jp-Slipway');
  }

  protected override render(): React.JSX.Element {
    return <UiProvider slipway={this.slipway}>{this.draw()}</UiProvider>;
  }
}
