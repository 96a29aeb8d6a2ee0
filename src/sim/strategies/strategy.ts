/**
 * A way to choose what goes wrong, and when.
 */

import type { Menu } from '../menu.ts';
import type { PlanStep } from '../plan.ts';
import type { Scene } from '../scene.ts';

export type Strategy = (scene: Scene, menu: Menu) => readonly PlanStep[];
