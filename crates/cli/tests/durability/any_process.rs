//! Any process may die at any time: each task still reaches the end that is right for it.

mod calls;
mod story;
mod victims;

use self::story::Story;
use self::victims::VICTIMS;
use crate::postgres::Postgres;
use crate::support::{World, world};

/// RUNTIME J1, J6, J8, S2.
#[test]
fn whatever_is_killed_each_task_ends_right_and_no_finished_call_is_made_again() {
    let Some(world) = world() else { return };
    check(world, None);
}

/// RUNTIME J1: the same, with the journal in a database whose server is killed, too.
#[test]
fn whatever_is_killed_the_database_among_it_each_task_ends_right() {
    let (Some(world), Some(server)) = (world(), Postgres::start()) else {
        return;
    };
    check(world, Some(server));
}

fn check(world: World, server: Option<Postgres>) {
    let kills = std::env::var("DICE_TEST_KILLS");
    let kills = kills.map_or(VICTIMS.len(), |text| text.parse().unwrap());
    let mut story = Story::begin(world, server, kills);
    for number in 0..kills {
        // A task in doubt makes no further calls for now: the last kill leaves room for those.
        let parts = kills + kills / 4 + 2;
        story.go_on_until_executed((number + 1) * story.expected() / parts);
        story.kill(VICTIMS[number % VICTIMS.len()]);
    }
    story.settle();
    story.check();
}
