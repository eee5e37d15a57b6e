import { CARD_SECTIONS, type CardLabels, type EditModelCard, type ModelCard } from '@slipway/schema';
import type { Artifacts } from '../../artifacts';
import { Conflict } from '../../core/errors';
import type { Db } from '../../database';
import { modelUri, type Lineage } from '../../lineage';
import type { Tracking } from '../../tracking';
import type { ModelComparisons } from '../compare';
import { describeVersion } from '../details';
import { recordChange } from '../history';
import { createRegistryNews, type News } from '../news';
import type { Registry } from '../service';
import type { ModelCardRow } from '../tables';
import type { Known } from './known';
import { renderCard, renderGenerated } from './render';
import { SECTION_WORDS } from './sections';
import { cardUpTo, saveCard } from './store';

export type Cards = ReturnType<typeof createCards>;
const LINEAGE_DEPTH = 6;
const NO_LABELS: CardLabels = { license: null, language: [], tags: [], task: null };

/**
 * Model cards. A person's text is kept; the rest is made at each reading from
 * what the registry knows by then, so that neither ever overwrites the other. A
 * version that nobody wrote about shows the text of the one before.
 */
export function createCards(deps: { db: Db; events: News; registry: Registry; comparison: ModelComparisons; lineage: Lineage; artifacts: Artifacts; tracking: Tracking }) {
  const { db, registry, comparison, lineage } = deps;
  const news = createRegistryNews(deps.events);

  async function knownOf(name: string, version: string): Promise<Known> {
    const view = await registry.version(name, version);
    const [described, making, evaluations, { edges }] = await Promise.all([
      describeVersion(deps, view),
      comparison.making(name, version),
      registry.latestEvaluations(name, [view.row.version]),
      lineage.edges({ uri: modelUri(name, view.row.version), direction: 'up', depth: LINEAGE_DEPTH })
    ]);
    return { version: described, making, evaluation: evaluations.get(view.row.version) ?? null, lineage: [...new Set(edges.map(e => e.from))] };
  }

  async function get(name: string, which: string): Promise<ModelCard> {
    const { version } = await registry.resolve(name, which);
    const [row, known] = [await cardUpTo(db, name, Number(version)), await knownOf(name, version)];
    const own = row?.version === Number(version) ? row : undefined;
    const labels = { ...NO_LABELS, ...row?.labels };
    return {
      model: name,
      version,
      sections: CARD_SECTIONS.map(id => ({ id, ...SECTION_WORDS[id], text: row?.sections[id] ?? '' })),
      labels,
      revision: own?.revision ?? 0,
      inheritedFrom: row && !own ? String(row.version) : null,
      updatedBy: row?.updated_by ?? null,
      updatedAt: row?.updated_at.toISOString() ?? null,
      generated: renderGenerated(known),
      markdown: renderCard(known, row?.sections ?? {}, labels)
    };
  }

  return {
    /** @throws {NotFound} `no_such_model`, `no_such_version`, `no_such_alias` */
    get,
    /** @throws {Conflict} `card_changed` where somebody wrote since that revision */
    async edit(name: string, which: string, edit: EditModelCard, by: string): Promise<ModelCard> {
      const { version } = await registry.resolve(name, which);
      await db.transaction().execute(async tx => {
        const row = await registry.versionIn(tx, name, version);
        const before = await cardUpTo(tx, name, row.version);
        const own: ModelCardRow | undefined = before?.version === row.version ? before : undefined;
        const card = {
          model_name: name,
          version: row.version,
          sections: { ...before?.sections, ...edit.sections },
          labels: { ...before?.labels, ...edit.labels },
          revision: edit.revision + 1,
          updated_by: by
        };
        if (edit.revision !== (own?.revision ?? 0) || !(await saveCard(tx, card))) {
          throw new Conflict('card_changed', `Somebody edited this card since you read it (it was revision ${edit.revision}). Read it again and write into that.`);
        }
        await recordChange(tx, row, { kind: 'card_edited', by });
        await news.changed(tx, name, { type: 'model_card.edited', data: { name, version, revision: card.revision, by } });
      });
      return get(name, version);
    }
  };
}
