import { randomInt } from 'node:crypto';

const ADJECTIVES = 'able amber bold brave bright brisk calm clean clear clever crisp deft eager early fair fast fine firm fleet fresh glad golden grand keen kind light lively lucid merry mild neat noble nimble plain polite proud quick quiet rapid ready sharp silent smart smooth sound steady still sturdy subtle sunny swift tidy upbeat vivid warm wise'.split(' ');
const NOUNS = 'anchor bay beacon boat breeze buoy canoe cape captain channel cliff coast compass coral cove crane crest current deck delta dock dolphin drift ferry fjord fleet gale galley gull harbor heron hull inlet island jetty keel kelp knot lagoon lantern launch lighthouse mast mooring oar otter pelican pier port quay raft reef rudder sail schooner seal ship shoal shore sloop sound spar strait tide tiller tug vessel voyage wake wave wharf'.split(' ');

/** A name for a run nobody named: easy to say, hardly ever the same twice. */
export function randomRunName(): string {
  return `${ADJECTIVES[randomInt(ADJECTIVES.length)]}-${NOUNS[randomInt(NOUNS.length)]}-${randomInt(1_000)}`;
}
