import { LabIcon } from '@jupyterlab/ui-components';
import jobsSvg from '../../../style/icons/jobs.svg';
import lineageSvg from '../../../style/icons/lineage.svg';
import modelsSvg from '../../../style/icons/models.svg';
import pipelineSvg from '../../../style/icons/pipeline.svg';
import sweepsSvg from '../../../style/icons/sweeps.svg';
import slipwaySvg from '../../../style/icons/slipway.svg';

export const slipwayIcon = new LabIcon({ name: 'slipway:slipway', svgstr: slipwaySvg });
export const pipelineIcon = new LabIcon({ name: 'slipway:pipeline', svgstr: pipelineSvg });
export const lineageIcon = new LabIcon({ name: 'slipway:lineage', svgstr: lineageSvg });
export const jobsIcon = new LabIcon({ name: 'slipway:jobs', svgstr: jobsSvg });
export const sweepsIcon = new LabIcon({ name: 'slipway:sweeps', svgstr: sweepsSvg });
export const modelsIcon = new LabIcon({ name: 'slipway:models', svgstr: modelsSvg });
