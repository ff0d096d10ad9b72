//! A task as stages of calls: what can be told of one that ran without knowing what waited for what.

use std::time::Duration;

use dice_model::FunctionId;

use crate::scenario::{Form, Recorded, RecordedCall};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct StagedTask {
    /// That its program took for itself before its first call.
    pub program: Duration,
    /// Calls of one stage may overlap; each stage waits for all calls of the one before.
    pub stages: Vec<Vec<StagedCall>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StagedCall {
    pub function: FunctionId,
    /// How many times as long as the profile says it takes.
    pub factor: f64,
}

impl StagedTask {
    /// As simulations take it; serial: each call waits for the one before it.
    pub fn recorded(&self, form: Form) -> Recorded {
        let mut calls: Vec<RecordedCall> = Vec::new();
        let mut before: Vec<u32> = Vec::new();
        for stage in &self.stages {
            let first = calls.len();
            for call in stage {
                let number = u32::try_from(calls.len()).expect("few calls");
                let after = match (form, number) {
                    (Form::Serial, 1..) => vec![number - 1],
                    _ => before.clone(),
                };
                calls.push(RecordedCall {
                    function: call.function.clone(),
                    factor: call.factor,
                    program: if after.is_empty() {
                        self.program
                    } else {
                        Duration::ZERO
                    },
                    after,
                });
            }
            let numbers = first..calls.len();
            before = numbers
                .map(|number| u32::try_from(number).expect("few calls"))
                .collect();
        }
        Recorded {
            arrives: Duration::ZERO,
            calls,
            rest: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_wait_for_stages_and_serial_calls_for_each_other() {
        let call = || StagedCall {
            function: FunctionId::new("f"),
            factor: 1.0,
        };
        let task = StagedTask {
            program: Duration::from_secs(1),
            stages: vec![vec![call(), call()], vec![call()]],
        };
        let check = |form, expect: [&[u32]; 3]| {
            let recorded = task.recorded(form);
            let after: Vec<&[u32]> = recorded
                .calls
                .iter()
                .map(|call| call.after.as_slice())
                .collect();
            assert_eq!(after, expect);
        };
        check(Form::Distributed, [&[], &[], &[0, 1]]);
        check(Form::Serial, [&[], &[0], &[1]]);
    }
}
