//! Shares work out over devices whose functions are chosen, so that the last one ends as early as can be.

use good_lp::{Expression, Solution, SolverModel, constraint, microlp, variable, variables};

use super::{PlannedNode, Workload};

/// Devices beyond this are not balanced: they keep what they were given, and end at the horizon.
const MOST_DEVICES: usize = 200;

/// Changes how many calls each device gets; gives seconds from the first load to the last result.
pub(super) fn balance(work: &Workload, nodes: &mut [PlannedNode]) -> Option<f64> {
    let count: usize = nodes.iter().map(|node| node.devices.len()).sum();
    if count <= MOST_DEVICES {
        solve(work, nodes)?;
    }
    let devices = nodes.iter().flat_map(|node| &node.devices);
    let ends = devices.map(|device| {
        let resident = device
            .resident
            .iter()
            .filter(|resident| resident.calls > 0.0);
        let times = resident.filter_map(|resident| {
            let function = work
                .functions
                .iter()
                .find(|one| one.name == resident.function)?;
            let (_, seconds) = function.best(&device.kind)?;
            Some(function.load(&device.kind) + resident.calls * seconds)
        });
        times.sum::<f64>()
    });
    Some(ends.fold(0.0, f64::max))
}

fn solve(work: &Workload, nodes: &mut [PlannedNode]) -> Option<()> {
    variables! { vars: }
    let end = vars.add(variable().min(0.0));
    let mut done = vec![Expression::default(); work.functions.len()];
    let mut shares = Vec::new();
    let mut busy = Vec::new();
    for device in nodes.iter().flat_map(|node| &node.devices) {
        let mut sum = Expression::default();
        for resident in &device.resident {
            let index = work
                .functions
                .iter()
                .position(|one| one.name == resident.function)?;
            let function = &work.functions[index];
            let (_, seconds) = function.best(&device.kind)?;
            let calls = vars.add(variable().min(0.0));
            sum += seconds * calls + function.load(&device.kind);
            done[index] += calls;
            shares.push(calls);
        }
        busy.push(sum);
    }
    let mut model = vars.minimise(end).using(microlp);
    for sum in busy {
        model.add_constraint(constraint!(sum <= end));
    }
    for (sum, function) in done.into_iter().zip(&work.functions) {
        model.add_constraint(constraint!(sum == function.calls));
    }
    let solution = model.solve().ok()?;
    let devices = nodes.iter_mut().flat_map(|node| &mut node.devices);
    let resident = devices.flat_map(|device| &mut device.resident);
    for (resident, calls) in resident.zip(shares) {
        resident.calls = solution.value(calls).max(0.0);
    }
    Some(())
}
