/**
 * In which scope each planted bug of the core is found: there it is looked for first.
 */

/** By the name of a planted bug, the name of a scope. */
export const hunts: Readonly<Record<string, string>> = {
  'a-moment-of-grace': 'held-by-slow-links',
  'any-frame-is-next': 'lone-loss',
  'clock-forgets-the-mark': 'one-voter-clock-set-back',
  'committed-in-the-order-heard': 'told-out-of-order',
  'decided-by-stale-votes': 'stale-vote',
  'echoes-are-young': 'late-echoes',
  'expires-what-is-counted': 'held-by-slow-links',
  'expiry-ends-without-a-token': 'later-holder-dies',
  'expiry-of-all-starts': 'lone-restart-time',
  'expiry-tells-nobody': 'holder-dies',
  'failed-claims-live-on': 'hunt-pair-time',
  'followers-left-behind': 'hunt-following',
  'follows-whatever-is-there': 'hunt-following-other',
  'given-back-outlives-the-voter': 'forgotten-while-given-back',
  'input-before-time': 'held-and-paused',
  'inquire-said-once': 'asked-back-in-vain',
  'lease-clock-set-back': 'held-and-set-back',
  'live-ends-without-a-token': 'hunt-break',
  'marks-of-the-ended': 'lone-long-break',
  'no-floor-after-recovery': 'hunt-restart-voter',
  'no-margin-when-cut-off': 'held-and-drifting',
  'no-recovery-with-a-file': 'forgotten-with-a-file',
  'nothing-lives-unsaid': 'hunt-pair-faults',
  'old-sessions-count-on': 'one-by-one-apart',
  'one-session-for-all-starts': 'hunt-pair-faults',
  'one-session-number': 'one-by-one-apart',
  'patient-with-silence': 'lone-silence',
  'quorum-of-all-that-are-asked': 'hunt-groups',
  'quorum-of-the-visible': 'held-and-cut-off',
  'recovery-cut-short': 'forgotten-by-the-holder',
  'repeated-prepare-unanswered': 'lone-break',
  'session-ends-with-its-link': 'hunt-break',
  'settled-before-the-rounds': 'told-out-of-order',
  'settled-by-a-quorum': 'forgotten-with-a-file',
  'settled-by-a-quorum-of-others': 'five-snapshots',
  'suspension-unseen': 'held-and-suspended',
  'told-before-hello': 'forgotten-while-waiting',
  'undecided-keep-forgotten-votes': 'forgotten-while-waiting',
  'voters-expire-by-the-wall': 'hunt-jump',
  'voters-of-the-first-name': 'hunt-groups-apart',
  'votes-in-recovery-for-the-held': 'forgotten-while-apart',
  'watched-after-its-end': 'hunt-groups',
};

/**
 * What is left to the swarm: bugs of locks that linger, which need more claims in a row than a
 * search has, or tickets in one place, or break nothing but patience or politeness; and of groups
 * that start, or are lost, one without the other.
 */
export const beyondScopes: ReadonlySet<string> = new Set([
  'any-mode-fits',
  'begins-when-its-groups-are-seen',
  'followed-by-any-number',
  'lingers-though-wanted',
  'polite-in-vain',
  'polite-to-oneself-alone',
  'committed-behind-its-back',
  'revoked-once',
  'settled-where-one-decides',
  'shared-and-kept',
  'shared-below-the-writer',
  'shared-in-secret',
  'spans-by-their-last',
  'steals-in-its-turn',
  'stolen-by-the-past',
  'stolen-without-its-holder',
  'tokens-without-end',
  'valid-while-one-group-is',
  'wanted-at-the-front-alone',
  'wanted-in-vain',
]);
