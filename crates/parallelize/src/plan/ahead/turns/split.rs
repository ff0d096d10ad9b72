//! A call that is handed over is made in one statement and awaited in another: what needs its result may
//! run apart from what decides how the loop goes on.

use super::super::node::{Kind, Node};

/// `page_call = …`, and `page = await page_call` where that is needed. Until it is written, a call's own
/// text stands for its name.
pub(super) fn split<'a>(nodes: Vec<Node<'a>>, source: &'a str) -> Vec<Node<'a>> {
    block(nodes, source, false)
}

/// `at_once`: in the body of a `try` a call is awaited where it may fail.
fn block<'a>(nodes: Vec<Node<'a>>, source: &'a str, at_once: bool) -> Vec<Node<'a>> {
    let mut made: Vec<Node<'a>> = Vec::new();
    let mut open: Vec<(&'a str, Node<'a>)> = Vec::new();
    for mut node in nodes {
        inside(&mut node, source, at_once);
        let settled = settled(&mut node, source);
        let touched = &(&node.all_reads() | &node.all_binds()) | &node.all_changes();
        let leaves = node.leaves().is_some();
        let (now, later): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|(target, _)| leaves || touched.contains(target));
        made.extend(now.into_iter().map(|(_, result)| result));
        open = later;
        made.push(node);
        match settled {
            Some((_, result)) if at_once => made.push(result),
            settled => open.extend(settled),
        }
    }
    made.extend(open.into_iter().map(|(_, result)| result));
    made
}

fn inside<'a>(node: &mut Node<'a>, source: &'a str, at_once: bool) {
    if let Kind::Try(attempt) = &mut node.kind {
        let decided = attempt.decided;
        attempt.body = block(std::mem::take(&mut attempt.body), source, decided);
        attempt.orelse = block(std::mem::take(&mut attempt.orelse), source, at_once);
        for (_, handled) in &mut attempt.handlers {
            *handled = block(std::mem::take(handled), source, at_once);
        }
        return;
    }
    for inner in node.blocks_mut() {
        *inner = block(std::mem::take(inner), source, at_once);
    }
}

/// The variable that gets the call's result, and the statement that awaits it.
fn settled<'a>(node: &mut Node<'a>, source: &'a str) -> Option<(&'a str, Node<'a>)> {
    if !node.handed {
        return None;
    }
    let Kind::Call(call) = &mut node.kind else {
        return None;
    };
    let target = call.target.filter(|_| call.wanted)?;
    (call.target, call.wanted) = (None, false);
    let name = &source[call.range.to_std_range()];
    let mut result = Node::result_of(target, call.range);
    result.reads = [name].into();
    node.binds.remove(target);
    node.binds.insert(name);
    Some((target, result))
}
