//! An engine at this moment, drawn into a buffer: for the live view and, as text, for everybody else.

use dice_server::api::{Device, Function, Lease, Now, Pool, Worker};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Row, Table, Widget as _};

use super::duration;

/// Leases and workers of a pool that are shown, the oldest first.
const MOST: usize = 12;

/// The whole of it, however long.
pub(crate) fn top_text(now: &Now, width: usize) -> String {
    let lines: usize = now
        .pools
        .iter()
        .map(|pool| usize::from(height(pool)) + 1)
        .sum();
    let width = u16::try_from(width).unwrap_or(u16::MAX);
    let area = Rect::new(0, 0, width, u16::try_from(lines).unwrap_or(u16::MAX).max(1));
    let mut buffer = Buffer::empty(area);
    top(now, area, &mut buffer);
    let rows = (0..area.height).map(|y| {
        let cells = (0..area.width).map(|x| buffer[(x, y)].symbol());
        cells.collect::<String>().trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

pub(crate) fn top(now: &Now, area: Rect, buffer: &mut Buffer) {
    let heights = now
        .pools
        .iter()
        .map(|pool| Constraint::Length(height(pool) + 1));
    let areas = Layout::vertical(heights).split(area);
    for (pool, area) in now.pools.iter().zip(areas.iter()) {
        draw(pool, *area, buffer);
    }
}

fn draw(pool: &Pool, area: Rect, buffer: &mut Buffer) {
    let tables = tables(pool);
    let heights = std::iter::once(1).chain(tables.iter().map(Part::height));
    let areas = Layout::vertical(heights.map(Constraint::Length)).split(area);
    Paragraph::new(headline(pool)).render(areas[0], buffer);
    for (part, area) in tables.into_iter().zip(&areas[1..]) {
        part.render(*area, buffer);
    }
}

fn height(pool: &Pool) -> u16 {
    1 + tables(pool).iter().map(Part::height).sum::<u16>()
}

/// A table with its heading, and a blank line before.
struct Part {
    names: Vec<&'static str>,
    widths: Vec<u16>,
    rows: Vec<Vec<String>>,
    /// What had no room.
    more: usize,
}

impl Part {
    fn height(&self) -> u16 {
        let lines = 2 + self.rows.len() + usize::from(self.more > 0);
        u16::try_from(lines).unwrap_or(u16::MAX)
    }

    fn render(self, area: Rect, buffer: &mut Buffer) {
        let blank = Rect {
            y: area.y.saturating_add(1),
            height: area.height.saturating_sub(1),
            ..area
        };
        let more = (self.more > 0).then(|| vec![format!("… and {} more", self.more)]);
        let rows = self.rows.into_iter().chain(more).map(Row::new);
        let widths = self.widths.iter().map(|width| match width {
            0 => Constraint::Fill(1),
            width => Constraint::Length(*width),
        });
        Table::new(rows, widths)
            .header(Row::new(self.names).style(Style::new().bold()))
            .column_spacing(2)
            .render(blank, buffer);
    }
}

fn headline(pool: &Pool) -> Line<'static> {
    let busy = pool
        .devices
        .iter()
        .filter(|device| device.lease.is_some())
        .count();
    let nodes = pool
        .nodes
        .iter()
        .map(|nodes| format!("{} × {}", nodes.count, nodes.kind));
    let nodes: Vec<String> = nodes.collect();
    let cost: Option<u64> = pool
        .nodes
        .iter()
        .map(|nodes| nodes.micro_usd_per_hour)
        .sum();
    let cost = cost.map_or_else(
        || "no price".to_owned(),
        |hour| format!("${:.4} a minute", hour as f64 / 60e6),
    );
    Line::from(format!(
        "pool {}: {}, {cost}; {busy} of {} devices busy; {} tasks running, {} waiting",
        pool.name,
        nodes.join(" + "),
        pool.devices.len(),
        pool.tasks_running,
        pool.tasks_waiting,
    ))
}

fn tables(pool: &Pool) -> Vec<Part> {
    vec![
        functions(&pool.functions),
        devices(pool),
        leases(&pool.leases),
        workers(&pool.workers),
    ]
}

fn functions(functions: &[Function]) -> Part {
    let rows = functions.iter().map(|function| {
        let error = function.error.as_deref().unwrap_or("");
        vec![
            function.name.clone(),
            function.queued.to_string(),
            function.held.to_string(),
            function.granted.to_string(),
            function.ready.to_string(),
            function.loading.to_string(),
            function.failures.to_string(),
            error.lines().next().unwrap_or("").to_owned(),
        ]
    });
    Part {
        names: vec![
            "FUNCTION", "QUEUED", "HELD", "RUNNING", "READY", "LOADING", "FAILED", "ERROR",
        ],
        widths: vec![20, 6, 6, 7, 5, 7, 6, 0],
        rows: rows.collect(),
        more: 0,
    }
}

fn devices(pool: &Pool) -> Part {
    let row = |device: &Device| {
        let lease = pool
            .leases
            .iter()
            .find(|lease| Some(lease.lease) == device.lease);
        let doing = match lease {
            Some(lease) => format!("{} {}", lease.function, duration(lease.age_ns)),
            None => "idle".to_owned(),
        };
        let models = device
            .models
            .iter()
            .map(|model| match model.state.as_str() {
                "ready" => model.function.clone(),
                state => format!("{} ({state})", model.function),
            });
        let memory = format!("{}/{}", size(device.used_bytes), size(device.memory_bytes));
        let models: Vec<String> = models.collect();
        vec![device.name.clone(), doing, memory, models.join(", ")]
    };
    Part {
        names: vec!["DEVICE", "DOING", "MEMORY", "MODELS"],
        widths: vec![28, 20, 17, 0],
        rows: pool.devices.iter().map(row).collect(),
        more: 0,
    }
}

fn leases(leases: &[Lease]) -> Part {
    let row = |lease: &Lease| {
        let left = u64::try_from(lease.left_ns).map_or_else(|_| "cutting".to_owned(), duration);
        vec![
            lease.lease.to_string(),
            lease.function.clone(),
            lease.device.clone(),
            duration(lease.age_ns),
            left,
            lease.calls.join(" "),
        ]
    };
    Part {
        names: vec!["LEASE", "FUNCTION", "DEVICE", "HELD FOR", "CUT IN", "CALLS"],
        widths: vec![12, 16, 28, 9, 9, 0],
        rows: leases.iter().take(MOST).map(row).collect(),
        more: leases.len().saturating_sub(MOST),
    }
}

fn workers(workers: &[Worker]) -> Part {
    let row = |worker: &Worker| {
        let unknown = || "–".to_owned();
        vec![
            worker.worker.to_string(),
            worker.function.clone(),
            worker.device.clone().unwrap_or_else(|| "all".to_owned()),
            worker.process.map_or_else(unknown, |id| id.to_string()),
            worker.state.clone(),
            worker.silence_ns.map_or_else(unknown, duration),
            worker.memory_bytes.map_or_else(unknown, size),
        ]
    };
    Part {
        names: vec![
            "WORKER", "FUNCTION", "DEVICE", "PROCESS", "STATE", "HEARD", "MEMORY",
        ],
        widths: vec![6, 16, 28, 8, 10, 9, 0],
        rows: workers.iter().take(MOST).map(row).collect(),
        more: workers.len().saturating_sub(MOST),
    }
}

fn size(bytes: u64) -> String {
    let mebi = bytes as f64 / f64::from(1 << 20);
    if mebi < 1024.0 {
        return format!("{mebi:.0} Mi");
    }
    format!("{:.1} Gi", mebi / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_pool() {
        let now: Now = serde_json::from_str(include_str!("top/busy.json")).expect("a picture");
        insta::assert_snapshot!(top_text(&now, 110));
    }

    #[test]
    fn a_terminal_that_is_too_small_shows_what_fits() {
        let now: Now = serde_json::from_str(include_str!("top/busy.json")).expect("a picture");
        for (width, height) in [(1, 1), (20, 3), (80, 10)] {
            let area = Rect::new(0, 0, width, height);
            top(&now, area, &mut Buffer::empty(area));
        }
    }
}
