//! Chooses nodes by an integer program.

use std::time::Duration;

use good_lp::{
    Expression, ProblemVariables, Solution, SolutionStatus, SolverModel, Variable, WithMipGap,
    WithTimeLimit, constraint, microlp, variable,
};

use super::{Counts, Problem, Status};

/// Relative: what is nearer to the best than this is called so.
const GAP: f64 = 1e-4;

/// Both choices: the plan keeps the cheaper one that its functions can be placed on.
pub(super) fn choose(
    problem: &Problem<'_>,
    greedy: Option<Counts>,
    limit: Duration,
) -> Vec<(Counts, Status)> {
    let solved = solve(problem, limit);
    let of_greedy = match &solved {
        // As cheap as what was proved to be the best is the best too.
        Some((best, Status::Optimal))
            if greedy
                .as_ref()
                .is_some_and(|counts| problem.usd(counts) <= problem.usd(best) * (1.0 + GAP)) =>
        {
            Status::Optimal
        }
        Some((_, Status::TimeLimit)) => Status::TimeLimit,
        _ => Status::Heuristic,
    };
    let greedy = greedy.map(|counts| (counts, of_greedy));
    solved.into_iter().chain(greedy).collect()
}

/// Whole nodes; on how many of their devices each function stays; and how many calls run there.
struct Model {
    variables: ProblemVariables,
    nodes: Vec<Variable>,
    limits: Vec<good_lp::Constraint>,
}

impl Model {
    fn new(problem: &Problem<'_>) -> Self {
        let mut variables = ProblemVariables::new();
        let whole = || variable().integer().min(0.0);
        let nodes: Vec<Variable> = problem
            .offers
            .iter()
            .map(|_| variables.add(whole()))
            .collect();
        let functions = &problem.work.functions;
        let mut done = vec![Expression::default(); functions.len()];
        let mut limits = Vec::new();
        for (offer, &count) in problem.offers.iter().zip(&nodes) {
            for (kind, memory) in &offer.devices {
                let (mut busy, mut filled) = (Expression::default(), Expression::default());
                for (function, done) in functions.iter().zip(&mut done) {
                    let Some((_, seconds)) = function.best(kind) else {
                        continue;
                    };
                    if !function.fits(kind, *memory) {
                        continue;
                    }
                    let calls = variables.add(variable().min(0.0));
                    let resident = variables.add(whole());
                    let load = function.load(kind);
                    busy += seconds * calls + load * resident;
                    filled += function.memory_bytes as f64 / 1e9 * resident;
                    *done += calls;
                    limits.push(constraint!(resident <= count));
                    limits.push(constraint!(
                        seconds * calls + load * resident <= problem.seconds * resident
                    ));
                }
                limits.push(constraint!(busy <= problem.seconds * count));
                limits.push(constraint!(filled <= *memory as f64 / 1e9 * count));
            }
        }
        for (done, function) in done.into_iter().zip(functions) {
            limits.push(constraint!(done == function.calls));
        }
        Self {
            variables,
            nodes,
            limits,
        }
    }
}

fn solve(problem: &Problem<'_>, limit: Duration) -> Option<(Counts, Status)> {
    let Model {
        variables,
        nodes,
        limits,
    } = Model::new(problem);
    let costs = problem.offers.iter().zip(&nodes);
    let cost: Expression = costs.map(|(offer, count)| offer.usd * *count).sum();
    let mut model = variables.minimise(cost).using(microlp);
    for limit in limits {
        model.add_constraint(limit);
    }
    let model = model.with_time_limit(limit.as_secs_f64());
    let solution = model.with_mip_gap(GAP as f32).ok()?.solve().ok()?;
    let counts = nodes
        .iter()
        .map(|count| solution.value(*count).round() as u32);
    let status = match solution.status() {
        SolutionStatus::Optimal => Status::Optimal,
        SolutionStatus::GapLimit => Status::Gap(GAP),
        SolutionStatus::TimeLimit => Status::TimeLimit,
    };
    Some((counts.collect(), status))
}
