//! Lines as they are printed: rounded once, adding up to their rounded total (RUNTIME M1).

use dice_model::{Cost, MicroUsd, Usage, apportion};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub label: String,
    pub amount: MicroUsd,
}

/// Rounds by largest remainder, so that the lines add up to what is printed under them.
pub(crate) fn rounded(lines: Vec<(String, Cost)>) -> Vec<Line> {
    let costs: Vec<Cost> = lines.iter().map(|(_, cost)| *cost).collect();
    let amounts = apportion(&costs);
    let labels = lines.into_iter().map(|(label, _)| label);
    labels
        .zip(amounts)
        .map(|(label, amount)| Line { label, amount })
        .collect()
}

/// Tokens of one language model. Apart from the nodes: nothing of it is rented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageModelLine {
    pub model: String,
    pub prompt_tokens: u64,
    pub answer_tokens: u64,
    /// `None` if any of its uses had no price: an unknown price is never zero.
    pub amount: Option<MicroUsd>,
}

/// One line a model, in the order in which they were first used.
pub(crate) fn language_models(usage: &[Usage]) -> Vec<LanguageModelLine> {
    let mut lines: Vec<LanguageModelLine> = Vec::new();
    for one in usage {
        let Usage::LanguageModel {
            model,
            prompt_tokens,
            answer_tokens,
            micro_usd,
        } = one
        else {
            continue;
        };
        let known = lines.iter().position(|line| line.model == *model);
        let index = known.unwrap_or_else(|| {
            lines.push(LanguageModelLine {
                model: model.clone(),
                prompt_tokens: 0,
                answer_tokens: 0,
                amount: Some(MicroUsd(0)),
            });
            lines.len() - 1
        });
        let line = &mut lines[index];
        line.prompt_tokens += prompt_tokens;
        line.answer_tokens += answer_tokens;
        line.amount = line
            .amount
            .zip(*micro_usd)
            .map(|(sum, more)| MicroUsd(sum.0 + more));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(model: &str, micro_usd: Option<i64>) -> Usage {
        Usage::LanguageModel {
            model: model.to_owned(),
            prompt_tokens: 10,
            answer_tokens: 2,
            micro_usd,
        }
    }

    fn check(usage: &[Usage], expect: &[(&str, u64, Option<i64>)]) {
        let lines = language_models(usage);
        let lines: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line.model.as_str(),
                    line.prompt_tokens,
                    line.amount.map(|a| a.0),
                )
            })
            .collect();
        assert_eq!(lines, expect);
    }

    #[test]
    fn a_model_has_one_line_and_an_unknown_price_stays_unknown() {
        check(&[], &[]);
        check(
            &[used("a", Some(3)), used("a", Some(4))],
            &[("a", 20, Some(7))],
        );
        check(
            &[used("a", Some(3)), used("b", None), used("b", Some(1))],
            &[("a", 10, Some(3)), ("b", 20, None)],
        );
    }
}
