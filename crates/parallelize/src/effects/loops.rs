//! Effects of loops.

use dice_program::ast::{Ranged, StmtFor, StmtWhile};

use super::statements::Analysis;
use super::{Effects, names};

impl<'a> Analysis<'a, '_> {
    pub(super) fn each(&mut self, each: &'a StmtFor) -> Effects<'a> {
        let mut effects = Effects::default();
        let items = self.walker.noted(&each.iter, &mut effects);
        self.walker.consume(&each.iter, items, &mut effects);
        let item = self.walker.item(&each.iter, items);
        self.walker
            .bind_item(&each.target, &each.iter, item, &mut effects);
        let targets = names::target_names(&each.target);
        self.walker.fresh.retain(|name| !targets.contains(name));
        self.hand_on(&each.body);
        effects.exposed = effects.reads.clone();
        let before = self.walker.fresh.clone();
        let body = self.block(&each.body);
        self.walker.fresh.clone_from(&before);
        self.walker.fresh.retain(|name| !body.binds.contains(name));
        let otherwise = self.block(&each.orelse);
        effects
            .exposed
            .extend(body.exposed.iter().filter(|name| !targets.contains(name)));
        effects.exposed.extend(&otherwise.exposed);
        effects.include(&body);
        (effects.breaks, effects.continues) = (None, None);
        effects.include(&otherwise);
        if each.is_async {
            effects.awaits = true;
            effects.opaque = true;
            let why = "items come from an asynchronous iterator";
            effects.stay(each.range(), "A6", why);
        }
        effects
    }

    pub(super) fn repeat(&mut self, repeat: &'a StmtWhile) -> Effects<'a> {
        let mut effects = Effects::default();
        self.hand_on(&repeat.body);
        self.walker.value(&repeat.test, &mut effects);
        effects.exposed = effects.reads.clone();
        let before = self.walker.fresh.clone();
        let body = self.block(&repeat.body);
        self.walker.fresh.clone_from(&before);
        self.walker.fresh.retain(|name| !body.binds.contains(name));
        let otherwise = self.block(&repeat.orelse);
        effects.exposed.extend(&body.exposed);
        effects.exposed.extend(&otherwise.exposed);
        effects.include(&body);
        (effects.breaks, effects.continues) = (None, None);
        effects.include(&otherwise);
        effects
    }
}
