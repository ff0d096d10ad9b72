//! Chooses nodes without a solver, and puts functions on the devices of any choice.

use dice_model::DeviceType;
use good_lp::{Expression, Solution, SolverModel, constraint, microlp, variable, variables};

use super::{Counts, PlannedDevice, PlannedNode, Problem, Resident};

/// Nodes of one type are not tried beyond this.
const MOST_NODES: u32 = 100_000;

/// The cheapest of: as many as needed of one type, for each type; and the linear program's mixture rounded
/// up, then with as many nodes left out again as can be.
pub(super) fn choose(problem: &Problem<'_>) -> Option<Counts> {
    let one_type = (0..problem.offers.len()).filter_map(|offer| enough_of(problem, offer));
    let candidates = one_type.chain(mixture(problem));
    let trimmed = candidates.map(|counts| trim(problem, counts));
    trimmed.min_by(|a, b| problem.usd(a).total_cmp(&problem.usd(b)))
}

fn enough_of(problem: &Problem<'_>, offer: usize) -> Option<Counts> {
    let counts = |count| {
        let mut counts = vec![0; problem.offers.len()];
        counts[offer] = count;
        counts
    };
    let enough = |count| place(problem, &counts(count)).is_some();
    let mut most = 1;
    while !enough(most) {
        most *= 2;
        if most > MOST_NODES {
            return None;
        }
    }
    let (mut too_few, mut most) = (most / 2, most);
    while most - too_few > 1 {
        let middle = too_few + (most - too_few) / 2;
        match enough(middle) {
            true => most = middle,
            false => too_few = middle,
        }
    }
    Some(counts(most))
}

/// The linear program's whole nodes, or more of the cheapest until everything finds a place.
fn mixture(problem: &Problem<'_>) -> Option<Counts> {
    let mut counts: Counts = relaxed(problem)?
        .iter()
        .map(|count| count.ceil() as u32)
        .collect();
    for _ in 0..counts.len() * 4 {
        if place(problem, &counts).is_some() {
            return Some(counts);
        }
        let used = (0..counts.len()).filter(|&offer| counts[offer] > 0);
        let cheapest =
            used.min_by(|&a, &b| problem.offers[a].usd.total_cmp(&problem.offers[b].usd))?;
        counts[cheapest] += 1;
    }
    None
}

/// Parts of nodes, with memory and loading left out.
fn relaxed(problem: &Problem<'_>) -> Option<Vec<f64>> {
    variables! { vars: }
    let nodes: Vec<_> = problem
        .offers
        .iter()
        .map(|_| vars.add(variable().min(0.0)))
        .collect();
    let mut busy: Vec<Vec<Expression>> = problem
        .offers
        .iter()
        .map(|offer| vec![Expression::default(); offer.devices.len()])
        .collect();
    let mut done = Vec::new();
    for function in &problem.work.functions {
        let mut sum = Expression::default();
        for (offer, slots) in problem.offers.iter().zip(&mut busy) {
            for ((kind, memory), busy) in offer.devices.iter().zip(slots) {
                if let Some((_, seconds)) = function.best(kind)
                    && function.fits(kind, *memory)
                {
                    let calls = vars.add(variable().min(0.0));
                    *busy += seconds * calls;
                    sum += calls;
                }
            }
        }
        done.push(constraint!(sum == function.calls));
    }
    let costs = problem.offers.iter().zip(&nodes);
    let cost: Expression = costs.map(|(offer, count)| offer.usd * *count).sum();
    let mut model = vars.minimise(cost).using(microlp);
    for (slots, count) in busy.into_iter().zip(&nodes) {
        for busy in slots {
            model.add_constraint(constraint!(busy <= problem.seconds * *count));
        }
    }
    for constraint in done {
        model.add_constraint(constraint);
    }
    let solution = model.solve().ok()?;
    Some(nodes.iter().map(|count| solution.value(*count)).collect())
}

/// Leaves out nodes that are not needed, the dearest first.
fn trim(problem: &Problem<'_>, mut counts: Counts) -> Counts {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|&a, &b| problem.offers[b].usd.total_cmp(&problem.offers[a].usd));
    for offer in order {
        while counts[offer] > 0 {
            counts[offer] -= 1;
            if place(problem, &counts).is_none() {
                counts[offer] += 1;
                break;
            }
        }
    }
    counts
}

/// A device while functions are put on it.
struct Open {
    kind: DeviceType,
    memory: u64,
    seconds: f64,
    resident: Vec<Resident>,
}

/// Puts every function on devices until all its work has a place within the horizon: the most demanding
/// function first, each on the device that is relatively best at it.
pub(super) fn place(problem: &Problem<'_>, counts: &Counts) -> Option<Vec<PlannedNode>> {
    let mut nodes: Vec<(usize, Vec<Open>)> = Vec::new();
    for (offer, count) in counts.iter().enumerate() {
        for _ in 0..*count {
            let devices = problem.offers[offer].devices.iter();
            let open = devices.map(|(kind, memory)| Open {
                kind: kind.clone(),
                memory: *memory,
                seconds: problem.seconds,
                resident: Vec::new(),
            });
            nodes.push((offer, open.collect()));
        }
    }
    for function in demanding_first(problem) {
        fill(problem, function, &mut nodes)?;
    }
    Some(
        nodes
            .into_iter()
            .map(|(offer, devices)| planned(problem, offer, devices))
            .collect(),
    )
}

fn demanding_first(problem: &Problem<'_>) -> Vec<usize> {
    let work = |index: usize| {
        let function = &problem.work.functions[index];
        let kinds = problem.offers.iter().flat_map(|offer| &offer.devices);
        let times = kinds.filter_map(|(kind, _)| Some(function.best(kind)?.1));
        function.memory_bytes as f64 * times.fold(f64::INFINITY, f64::min) * function.calls
    };
    let mut order: Vec<usize> = (0..problem.work.functions.len()).collect();
    order.sort_by(|&a, &b| work(b).total_cmp(&work(a)));
    order
}

fn fill(problem: &Problem<'_>, index: usize, nodes: &mut [(usize, Vec<Open>)]) -> Option<()> {
    let function = &problem.work.functions[index];
    let mut left = function.calls;
    let mut devices: Vec<&mut Open> = nodes.iter_mut().flat_map(|(_, devices)| devices).collect();
    devices.retain(|device| function.fits(&device.kind, device.memory));
    let advantage = |device: &Open| advantage(problem, index, &device.kind);
    devices.sort_by(|a, b| {
        advantage(a)
            .total_cmp(&advantage(b))
            .then(b.seconds.total_cmp(&a.seconds))
    });
    for device in devices {
        let (batch_size, seconds) = function.best(&device.kind)?;
        let free = device.seconds - function.load(&device.kind);
        if free <= 0.0 || left <= 0.0 {
            continue;
        }
        let calls = (free / seconds).min(left);
        left -= calls;
        device.memory -= function.memory_bytes;
        device.seconds = free - calls * seconds;
        device.resident.push(Resident {
            function: function.name.clone(),
            calls,
            batch_size,
        });
    }
    (left <= function.calls * 1e-9).then_some(())
}

/// Its time there over what the other functions take there, on average: the less, the better is the
/// device used by this one.
fn advantage(problem: &Problem<'_>, index: usize, kind: &DeviceType) -> f64 {
    let time = |index: usize| {
        problem.work.functions[index]
            .best(kind)
            .map(|(_, seconds)| seconds)
    };
    let own = time(index).unwrap_or(f64::INFINITY);
    let others = (0..problem.work.functions.len())
        .filter(|other| *other != index)
        .filter_map(time);
    let others: Vec<f64> = others.collect();
    if others.is_empty() {
        return own;
    }
    own / (others.iter().sum::<f64>() / others.len() as f64)
}

fn planned(problem: &Problem<'_>, offer: usize, devices: Vec<Open>) -> PlannedNode {
    PlannedNode {
        kind: problem.offers[offer].kind.clone(),
        spot: problem.offers[offer].spot,
        devices: devices
            .into_iter()
            .map(|device| PlannedDevice {
                kind: device.kind,
                resident: device.resident,
            })
            .collect(),
    }
}
