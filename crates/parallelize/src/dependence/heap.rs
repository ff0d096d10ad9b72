//! Which names may share objects, by unification (Steensgaard): every value is a node, everything
//! inside it is one more. Ignores the order of statements, so it only ever says "may".

use std::cell::OnceCell;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Node(usize);

#[derive(Debug, Default)]
pub(crate) struct Heap<'a> {
    parent: Vec<usize>,
    inside: Vec<Option<usize>>,
    names: HashMap<&'a str, usize>,
    reaching: OnceCell<HashMap<usize, Vec<&'a str>>>,
}

impl<'a> Heap<'a> {
    pub(crate) fn fresh(&mut self) -> Node {
        self.parent.push(self.parent.len());
        self.inside.push(None);
        Node(self.parent.len() - 1)
    }

    pub(crate) fn name(&mut self, name: &'a str) -> Node {
        if let Some(&node) = self.names.get(name) {
            return Node(node);
        }
        let node = self.fresh();
        self.names.insert(name, node.0);
        node
    }

    /// What may be found inside `node`: items, values, attributes.
    pub(crate) fn inside(&mut self, node: Node) -> Node {
        let root = self.find(node.0);
        if let Some(inside) = self.inside[root] {
            return Node(inside);
        }
        let inside = self.fresh();
        self.inside[root] = Some(inside.0);
        inside
    }

    /// The two may be the same object.
    pub(crate) fn unify(&mut self, a: Node, b: Node) {
        let mut todo = vec![(a.0, b.0)];
        while let Some((a, b)) = todo.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            self.parent[b] = a;
            match (self.inside[a], self.inside[b]) {
                (Some(x), Some(y)) => todo.push((x, y)),
                (None, y) => self.inside[a] = y,
                (Some(_), None) => {}
            }
        }
    }

    /// `node` and everything inside it become one: somebody unknown had it in hand.
    pub(crate) fn collapse(&mut self, node: Node) {
        let mut seen = Vec::new();
        let mut next = Some(self.find(node.0));
        while let Some(at) = next {
            if seen.contains(&at) {
                break;
            }
            seen.push(at);
            next = self.inside[at].map(|inside| self.find(inside));
        }
        for other in seen {
            self.unify(node, Node(other));
        }
        let root = self.find(node.0);
        self.inside[root] = Some(root);
    }

    /// Nodes that reading `name` deeply may see.
    pub(crate) fn reach(&self, node: Node) -> Vec<usize> {
        let mut seen = Vec::new();
        let mut next = Some(self.root(node.0));
        while let Some(at) = next {
            if seen.contains(&at) {
                break;
            }
            seen.push(at);
            next = self.inside[at].map(|inside| self.root(inside));
        }
        seen
    }

    pub(crate) fn reach_of_name(&self, name: &str) -> Vec<usize> {
        self.names
            .get(name)
            .map_or(Vec::new(), |&node| self.reach(Node(node)))
    }

    pub(crate) fn same(&self, a: Node) -> usize {
        self.root(a.0)
    }

    /// Names from which `node` can be reached; to be asked when nothing is unified any more.
    pub(crate) fn names_reaching(&self, node: Node) -> &[&'a str] {
        let reaching = self.reaching.get_or_init(|| {
            let mut reaching: HashMap<usize, Vec<&'a str>> = HashMap::new();
            for (name, at) in &self.names {
                for seen in self.reach(Node(*at)) {
                    reaching.entry(seen).or_default().push(name);
                }
            }
            reaching
                .values_mut()
                .for_each(|names| names.sort_unstable());
            reaching
        });
        reaching.get(&self.root(node.0)).map_or(&[], Vec::as_slice)
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn root(&self, mut at: usize) -> usize {
        while self.parent[at] != at {
            at = self.parent[at];
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_reaches_its_items_and_not_the_other_way() {
        let mut heap = Heap::default();
        let (results, car) = (heap.name("results"), heap.name("car"));
        let inside = heap.inside(results);
        heap.unify(inside, car);
        assert!(heap.reach_of_name("results").contains(&heap.same(car)));
        assert!(!heap.reach_of_name("car").contains(&heap.same(results)));
        heap.collapse(results);
        assert_eq!(heap.same(results), heap.same(car));
    }
}
