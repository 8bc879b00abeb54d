//! The world as the handlers and the owner of a [`super::Simulator`] reach it.

use std::sync::{Arc, Mutex, PoisonError};

use super::world::World;

/// One world, many hands. Nobody keeps the lock across a wait.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    world: Arc<Mutex<World>>,
    /// As it was at the start, for a reset.
    initial: Arc<World>,
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self { initial: Arc::new(world.clone()), world: Arc::new(Mutex::new(world)) }
    }

    pub(crate) fn with<R>(&self, visit: impl FnOnce(&mut World) -> R) -> R {
        // A test that panicked inside must not take the others with it.
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        visit(&mut world)
    }

    /// Everything as it was at the start, but calls that still wait are not forgotten.
    pub(crate) fn reset(&self) {
        self.with(|world| {
            let mut calls = std::mem::take(&mut world.calls);
            let fault_epoch = world.faults.epoch();
            calls.reset();
            *world = World { calls, ..(*self.initial).clone() };
            world.faults.continue_after(fault_epoch);
        });
    }
}
