//! Quotes for people, and what the run then cost beside them.

use dice_server::api::{NeedsSample, Quote, Quoted};

use super::{duration, table, usd};

pub(crate) fn quote(quote: &Quote) -> String {
    let per_task = |amount: i64| usd((amount as f64 / quote.tasks.max(1) as f64).round() as i64);
    let (money, time) = (quote.micro_usd, quote.ns);
    let rows = [
        vec![
            "time".to_owned(),
            duration(time.low),
            duration(time.likely),
            duration(time.high),
        ],
        vec![
            "cost".to_owned(),
            usd(money.low),
            usd(money.likely),
            usd(money.high),
        ],
        vec![
            "per task".to_owned(),
            per_task(money.low),
            per_task(money.likely),
            per_task(money.high),
        ],
    ];
    let tasks = format!("{} TASKS", quote.tasks);
    let mut lines = vec![table(&[&tasks, ">FROM", ">LIKELY", ">TO"], rows)];
    lines.push(format!("eight of ten runs, on {}", quote.hardware));
    lines.push(learnt_from(quote));
    let book = &quote.price_book;
    lines.push(format!(
        "prices: {} of {} ({})",
        book.name, book.date, book.source
    ));
    lines.extend(quote.refused.iter().map(|what| format!("REFUSED: {what}")));
    lines.extend(
        quote
            .doubtful
            .iter()
            .map(|what| format!("doubtful: {what}")),
    );
    lines.extend(
        quote
            .would_do
            .iter()
            .map(|what| format!("would do: {what}")),
    );
    lines.extend(quote.labels.iter().map(|label| format!("note: {label}")));
    lines.join("\n")
}

fn learnt_from(quote: &Quote) -> String {
    let from = format!("learnt from {} tasks that ran", quote.learnt_from);
    if quote.sampled.is_empty() {
        return from;
    }
    let cost = usd(quote.sample_micro_usd);
    format!(
        "{from}; {} of them for this quote: {cost}",
        quote.sampled.len()
    )
}

/// What the sample would call, and what is known of its price.
pub(crate) fn needs_sample(needed: &NeedsSample) -> String {
    let rows = needed.calls.iter().map(|call| {
        let price = call.micro_usd_a_call;
        vec![
            call.function.clone(),
            call.places.to_string(),
            price.map_or_else(|| "unknown: no profile".to_owned(), usd),
        ]
    });
    let calls = table(&["FUNCTION", ">PLACES", ">A CALL AT MOST"], rows);
    let cost = match needed.at_least_micro_usd {
        Some(amount) => format!(
            "about {} if each place calls once, more in loops",
            usd(amount)
        ),
        None => "what that costs is not known".to_owned(),
    };
    format!(
        "too few tasks of this program ran to say what more of them cost; running {} of them: {cost}\n{calls}",
        needed.tasks
    )
}

pub(super) fn quoted(said: &Quoted, actual_micro_usd: i64) -> String {
    let money = said.micro_usd;
    let place = if actual_micro_usd < money.low {
        "below the range"
    } else if actual_micro_usd > money.high {
        "above the range"
    } else {
        "within the range"
    };
    format!(
        "quoted: {} to {}, likely {}; it is {}, {place}",
        usd(money.low),
        usd(money.high),
        usd(money.likely),
        usd(actual_micro_usd)
    )
}
