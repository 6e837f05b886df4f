//! What is proven where a promise is kept.

use super::Proof;
use crate::Place;
use crate::flow::machine::Machine;

impl Machine<'_> {
    /// Begins the function that makes a promise.
    pub(in crate::flow) fn begin_promise(&mut self) -> Vec<Vec<(Proof, Place)>> {
        self.route.as_mut().map(|it| std::mem::take(&mut it.resolved)).unwrap_or_default()
    }

    /// What waits for the promise goes on where it was kept: what was proven there holds.
    pub(in crate::flow) fn end_promise(&mut self, outer: Vec<Vec<(Proof, Place)>>, place: Place) {
        let Some(route) = &mut self.route else { return };
        let resolved = std::mem::replace(&mut route.resolved, outer);
        let Some((first, rest)) = resolved.split_first() else { return };
        for (proof, _) in first {
            if rest.iter().all(|it| it.iter().any(|it| it.0 == *proof)) {
                self.establish(*proof, place);
            }
        }
    }

    /// A promise is kept here.
    pub(in crate::flow) fn note_resolved(&mut self) {
        if self.route.is_some() {
            let proofs = self.proofs();
            self.route.iter_mut().for_each(|it| it.resolved.push(proofs.clone()));
        }
    }
}
