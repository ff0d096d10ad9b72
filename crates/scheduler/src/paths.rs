//! How much of a program is still to come after a call: learned from the calls that followed earlier ones.

/// The longest chain of calls that was seen to follow, in nanoseconds: a mean in which each new one counts a
/// quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tail(Option<u64>);

impl Tail {
    pub(crate) fn get(self) -> Option<u64> {
        self.0
    }

    fn saw(&mut self, chain: u64) {
        self.0 = Some(match self.0 {
            None => chain,
            Some(known) => known - known / 4 + chain / 4,
        });
    }
}

/// Device time of everything that follows a call, in nanoseconds: a mean over all its calls, most of which
/// nothing follows if the last of several side by side leads on. Slow, since such means jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Follows {
    mean: u64,
    seen: u64,
}

/// Of a mean, in calls.
const MEMORY: u64 = 64;

impl Follows {
    pub(crate) fn get(self) -> u64 {
        self.mean
    }

    fn saw(&mut self, work: u64) {
        self.seen = (self.seen + 1).min(MEMORY);
        let part = |value: u64| value / self.seen;
        self.mean = self.mean - part(self.mean) + part(work);
    }
}

/// Where a task is on its way: what followed the call that ended last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Way {
    /// The function of the call that ended last; `None`: it has just begun.
    after: Option<crate::function::FunctionIndex>,
    /// The longest of the chains that begin with the calls issued since then.
    longest: Option<u64>,
    /// Device time of those calls and of what follows them.
    work: u64,
}

impl Way {
    pub(crate) fn after(&self) -> Option<crate::function::FunctionIndex> {
        self.after
    }

    /// A call is issued; it and what follows it take this long, and so much device time.
    pub(crate) fn issued(&mut self, chain: u64, work: u64) {
        self.longest = self.longest.max(Some(chain));
        self.work = self.work.saturating_add(work);
    }

    /// A call of this function has ended. What came after the one before it is known now; of calls that ran
    /// side by side the last to end leads on.
    pub(crate) fn ended(&mut self, function: crate::function::FunctionIndex) -> Seen {
        Seen {
            after: self.after.replace(function),
            chain: self.longest.take(),
            work: std::mem::take(&mut self.work),
        }
    }

    /// Its program has ended: nothing followed.
    pub(crate) fn finished(&self) -> Option<Seen> {
        (self.longest.is_none() && self.after.is_some()).then_some(Seen {
            after: self.after,
            chain: Some(0),
            work: 0,
        })
    }
}

/// What followed a call of this function, or a program's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) after: Option<crate::function::FunctionIndex>,
    /// `None`: another call, side by side with it, led on.
    pub(crate) chain: Option<u64>,
    pub(crate) work: u64,
}

impl crate::Scheduler {
    pub(crate) fn learn_path(&mut self, seen: Seen) {
        let (tail, follows) = match seen.after {
            Some(index) => {
                let function = &mut self.functions[index as usize];
                (&mut function.tail, &mut function.follows)
            }
            None => (&mut self.whole, &mut self.whole_work),
        };
        follows.saw(seen.work);
        if let Some(chain) = seen.chain {
            tail.saw(chain);
        }
    }

    /// A call of this function and what follows it. Unknown times count as none.
    pub(crate) fn chain(&self, index: crate::function::FunctionIndex) -> u64 {
        let function = self.function(index);
        let tail = function.tail.get().unwrap_or(0);
        tail.saturating_add(function.usual)
    }

    /// What is expected to come after what the task has done so far.
    pub(crate) fn rest(&self, way: &Way) -> Option<u64> {
        match way.after() {
            Some(index) => self.function(index).tail.get(),
            None => self.whole.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two functions that follow each other in turn, 10 µs and 4 µs long; what is known after some tasks.
    #[test]
    fn what_follows_is_learned_from_the_end_to_the_beginning() {
        let mut tails = [Tail::default(); 3];
        let times = [10_000, 4_000];
        for _ in 0..40 {
            let mut way = Way::default();
            let saw = |tails: &mut [Tail; 3], seen: Seen| {
                if let Some(chain) = seen.chain {
                    tails[seen.after.map_or(2, |index| index as usize)].saw(chain);
                }
            };
            for function in [0, 1] {
                let tail = tails[function as usize].get().unwrap_or(0);
                way.issued(times[function as usize] + tail, 0);
                saw(&mut tails, way.ended(function));
            }
            saw(&mut tails, way.finished().expect("nothing followed"));
        }
        for (tail, expect) in tails.iter().zip([4_000, 0, 14_000_u64]) {
            let known = tail.get().expect("it was seen often");
            assert!(known.abs_diff(expect) < 10, "{tails:?}");
        }
    }

    #[test]
    fn of_calls_side_by_side_the_last_leads_on() {
        let mut way = Way::default();
        let seen = |after, chain, work| Seen { after, chain, work };
        way.issued(5, 10);
        way.issued(9, 10);
        assert_eq!(way.ended(0), seen(None, Some(9), 20));
        assert_eq!(way.ended(1), seen(Some(0), None, 0));
        way.issued(3, 4);
        assert_eq!(way.ended(2), seen(Some(1), Some(3), 4));
    }
}
