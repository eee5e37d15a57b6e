import { endpoints, type DeclaredGates, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatTime } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading } from '../core/parts';
import { personWord } from '../core/person-word';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { draftOf, readDraft, type GatesDraft } from './gates-draft';
import { GatesFields } from './gates-fields';
import { meLoader, versionsLoader } from './loaders';
import { useLoader } from './use-loader';

/** Declares what a version of a model must hold before it may be champion. */
export function GatesPage({ loader, name }: { loader: Loader<DeclaredGates>; name: string }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const versions = useLoader(slipway => versionsLoader(slipway, name), [name]).value ?? [];
  const me = useLoader(meLoader, []).value;
  const declared = loader.value;
  return (
    <div className="jp-SlipwayGates">
      <Heading
        level={1}
        title={
          <>
            <Button kind="link" onClick={() => void commands.execute(CommandIds.openModel, { name })}>{name}</Button> · {trans.__('Gates')}
          </>
        }
      />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      <p className="jp-SlipwayFaint">
        {trans.__('What a version must hold before it may be @champion, or in the stage Production. Held against each version when it is registered, when you ask, and before it is promoted; how it came out is kept.')}
        {declared?.updatedBy != null && ` ${trans.__('Last declared %1 by %2.', formatTime(declared.updatedAt!), personWord(trans, declared.updatedBy, me?.person ?? null))}`}
      </p>
      {me && !me.permissions.includes('registry:approve') && (
        <p className="jp-SlipwayNote" role="note">{trans.__('Only who has the permission registry:approve may change them.')}</p>
      )}
      {declared && <GatesForm declared={declared} name={name} versions={versions} onSaved={next => loader.put(next)} />}
    </div>
  );
}

interface FormProps {
  declared: DeclaredGates;
  name: string;
  versions: ModelVersion[];
  onSaved: (declared: DeclaredGates) => void;
}

function GatesForm({ declared, name, versions, onSaved }: FormProps): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [draft, setDraft] = React.useState<GatesDraft | null>(null);
  const [isTried, setTried] = React.useState(false);
  const shown = draft ?? draftOf(declared.gates);
  const reading = readDraft(shown);
  const newest = versions[0];
  const save = useAction(async () => {
    onSaved(await client.call(endpoints.gates.declare, { params: { name }, body: reading.gates! }));
    setDraft(null);
    setTried(false);
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (reading.gates) {
      save.run();
    }
  };
  return (
    <form onSubmit={submit} noValidate aria-label={trans.__('Gates of %1', name)}>
      <GatesFields draft={shown} problems={isTried ? reading.problems : new Map()} versions={versions} onChange={setDraft} />
      <div className="jp-SlipwayProof-actions jp-SlipwayGates-actions">
        <Button kind="accept" type="submit" disabled={save.isBusy || draft === null}>{trans.__('Declare these gates')}</Button>
        {draft && <Button onClick={() => setDraft(null)}>{trans.__('Discard changes')}</Button>}
        {isTried && reading.problems.size > 0 && (
          <span className="jp-SlipwayField-error" role="alert">{trans._n('%1 field needs another look.', '%1 fields need another look.', reading.problems.size)}</span>
        )}
      </div>
      <ErrorNote error={save.error} />
      {draft === null && declared.updatedAt !== null && newest && <TryNow version={newest} />}
    </form>
  );
}

/** Gates are of use once a version has met them: the newest is a click away. */
function TryNow({ version }: { version: ModelVersion }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const evaluate = useAction(async () => {
    const { name, version: number } = version;
    await client.call(endpoints.gates.evaluate, { params: { name, version: number } });
    await commands.execute(CommandIds.openModel, { name, version: number, tab: 'gates' });
  });
  return (
    <>
      <p className="jp-SlipwayFaint">
        {trans.__('Versions registered from now on are held to them.')}{' '}
        <Button kind="link" disabled={evaluate.isBusy} onClick={() => evaluate.run()}>{trans.__('Hold them against version %1 now', version.version)}</Button>
      </p>
      <ErrorNote error={evaluate.error} />
    </>
  );
}
