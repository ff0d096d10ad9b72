//! Which names may share objects, by unification (Steensgaard): every value is a node; an object of a
//! class keeps its attributes apart, of anything else all that is inside is one more node. Ignores the
//! order of statements, so it only ever says "may".

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Node(usize);

/// What a node holds. One that is used both ways keeps nothing apart: then `inside` has it all.
#[derive(Debug, Clone, Default)]
struct Held<'a> {
    inside: Option<usize>,
    /// The places of its attributes; what is in one is inside that.
    fields: BTreeMap<&'a str, usize>,
}

#[derive(Debug, Default)]
pub(crate) struct Heap<'a> {
    parent: Vec<usize>,
    held: Vec<Held<'a>>,
    names: HashMap<&'a str, usize>,
    /// `agent.seen`, as it is written: the object, and the place of its attribute.
    parts: HashMap<&'a str, (usize, usize)>,
    reaching: OnceCell<HashMap<usize, Vec<&'a str>>>,
}

impl<'a> Heap<'a> {
    pub(crate) fn fresh(&mut self) -> Node {
        self.parent.push(self.parent.len());
        self.held.push(Held::default());
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
        self.blur(node.0);
        let root = self.find(node.0);
        if let Some(inside) = self.held[root].inside {
            return Node(inside);
        }
        let inside = self.fresh();
        self.held[root].inside = Some(inside.0);
        inside
    }

    /// The place of an attribute: who assigns to it changes that, what it holds is inside it.
    pub(crate) fn place(&mut self, node: Node, field: &'a str) -> Node {
        let root = self.find(node.0);
        if let Some(inside) = self.held[root].inside {
            return Node(inside);
        }
        if let Some(&place) = self.held[root].fields.get(field) {
            return Node(place);
        }
        let place = self.fresh();
        self.held[root].fields.insert(field, place.0);
        place
    }

    /// What an attribute holds.
    pub(crate) fn field(&mut self, node: Node, field: &'a str) -> Node {
        let place = self.place(node, field);
        match self.is_one(node) {
            true => place,
            false => self.inside(place),
        }
    }

    /// From here on `text` means that attribute of the object.
    pub(crate) fn name_part(&mut self, text: &'a str, node: Node, field: &'a str) {
        let place = self.place(node, field);
        self.parts.insert(text, (node.0, place.0));
    }

    /// The object that an attribute with a name of its own holds.
    pub(crate) fn held_by_part(&self, text: &str) -> Option<usize> {
        let &(node, place) = self.parts.get(text)?;
        match self.is_one(Node(node)) {
            true => Some(self.root(place)),
            false => self.known_inside(Node(place)).map(|held| self.root(held.0)),
        }
    }

    /// Are its attributes not kept apart?
    pub(crate) fn is_one(&self, node: Node) -> bool {
        self.held[self.root(node.0)].inside.is_some()
    }

    /// The attributes that are kept apart, with their places.
    pub(crate) fn places(&self, node: Node) -> impl Iterator<Item = (&'a str, Node)> {
        let fields = &self.held[self.root(node.0)].fields;
        fields.iter().map(|(field, place)| (*field, Node(*place)))
    }

    /// What is inside, if anything is known to be, or of attributes their places.
    pub(crate) fn known_inside(&self, node: Node) -> Option<Node> {
        self.held[self.root(node.0)].inside.map(Node)
    }

    /// Attributes and what they hold become what is inside.
    fn blur(&mut self, node: usize) {
        let root = self.find(node);
        let fields = std::mem::take(&mut self.held[root].fields);
        if fields.is_empty() {
            return;
        }
        let inside = self.held[root].inside.unwrap_or_else(|| self.fresh().0);
        self.held[root].inside = Some(inside);
        for place in fields.into_values() {
            let content = self.inside(Node(place));
            self.unify(Node(inside), Node(place));
            self.unify(Node(inside), content);
        }
    }

    /// The two may be the same object.
    pub(crate) fn unify(&mut self, a: Node, b: Node) {
        let mut todo = vec![(a.0, b.0)];
        let mut blurred = Vec::new();
        while let Some((a, b)) = todo.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            self.parent[b] = a;
            let other = std::mem::take(&mut self.held[b]);
            match (self.held[a].inside, other.inside) {
                (Some(x), Some(y)) => todo.push((x, y)),
                (None, y) => self.held[a].inside = y,
                (Some(_), None) => {}
            }
            for (field, place) in other.fields {
                match self.held[a].fields.get(field) {
                    Some(own) => todo.push((*own, place)),
                    None => _ = self.held[a].fields.insert(field, place),
                }
            }
            if self.held[a].inside.is_some() && !self.held[a].fields.is_empty() {
                blurred.push(a);
            }
        }
        blurred.into_iter().for_each(|node| self.blur(node));
    }

    /// `node` and everything inside it become one: somebody unknown had it in hand.
    pub(crate) fn collapse(&mut self, node: Node) {
        for other in self.reach(node) {
            self.unify(node, Node(other));
        }
        let root = self.find(node.0);
        self.held[root] = Held {
            inside: Some(root),
            fields: BTreeMap::new(),
        };
    }

    /// Nodes that looking deeply into `node` may see, itself first.
    pub(crate) fn reach(&self, node: Node) -> Vec<usize> {
        let mut seen = vec![self.root(node.0)];
        let mut met = HashSet::from([seen[0]]);
        let mut at = 0;
        while let Some(node) = seen.get(at) {
            let held = &self.held[*node];
            let inside = held.inside.iter().chain(held.fields.values());
            let inside: Vec<usize> = inside.map(|inside| self.root(*inside)).collect();
            seen.extend(inside.into_iter().filter(|inside| met.insert(*inside)));
            at += 1;
        }
        seen
    }

    /// What looking deeply into the variable, or into that attribute of what it holds, may see.
    pub(crate) fn reach_of_name(&self, name: &str) -> Vec<usize> {
        if let Some(&node) = self.names.get(name) {
            return self.reach(Node(node));
        }
        let Some(&(node, place)) = self.parts.get(name) else {
            return Vec::new();
        };
        let mut seen = self.reach(Node(place));
        seen.push(self.root(node)); // who changes all of an object changes that
        seen
    }

    pub(crate) fn known_name(&self, name: &str) -> Option<Node> {
        self.names.get(name).copied().map(Node)
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

    /// Names from which `node`, or anything inside it, can be reached.
    pub(crate) fn names_sharing(&self, node: Node) -> BTreeSet<&'a str> {
        let reached = self.reach(node).into_iter();
        let names = reached.flat_map(|node| self.names_reaching(Node(node)).iter().copied());
        names.collect()
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

    fn agent<'a>(heap: &mut Heap<'a>) -> (Node, Node, Node) {
        let agent = heap.name("agent");
        let (seen, name) = (heap.place(agent, "seen"), heap.place(agent, "name"));
        (agent, seen, name)
    }

    #[test]
    fn attributes_are_apart_and_all_of_their_object() {
        let mut heap = Heap::default();
        let (agent, seen, name) = agent(&mut heap);
        assert_ne!(heap.same(seen), heap.same(name));
        let list = heap.field(agent, "seen");
        assert_ne!(heap.same(list), heap.same(seen));
        for part in [seen, list, name] {
            assert!(heap.reach_of_name("agent").contains(&heap.same(part)));
        }
        assert!(!heap.reach(seen).contains(&heap.same(name)));
    }

    #[test]
    fn objects_that_may_be_the_same_have_the_same_attributes() {
        let mut heap = Heap::default();
        let (_, seen, name) = agent(&mut heap);
        let other = heap.name("other");
        let of_other = heap.place(other, "seen");
        let known = heap.name("agent");
        heap.unify(other, known);
        assert_eq!(heap.same(of_other), heap.same(seen));
        assert_ne!(heap.same(seen), heap.same(name));
    }

    #[test]
    fn an_attribute_with_a_name_sees_itself_and_its_object() {
        let mut heap = Heap::default();
        let (agent, seen, name) = agent(&mut heap);
        heap.name_part("agent.seen", agent, "seen");
        let list = heap.field(agent, "seen");
        assert_eq!(heap.held_by_part("agent.seen"), Some(heap.same(list)));
        let reach = heap.reach_of_name("agent.seen");
        assert!(
            [agent, seen, list]
                .iter()
                .all(|node| reach.contains(&heap.same(*node)))
        );
        assert!(!reach.contains(&heap.same(name)));
        heap.inside(agent);
        assert!(heap.reach_of_name("agent.seen").contains(&heap.same(name)));
    }

    #[test]
    fn who_looks_at_an_object_as_a_container_sees_every_attribute() {
        for before in [true, false] {
            let mut heap = Heap::default();
            let agent = heap.name("agent");
            if before {
                heap.inside(agent);
            }
            let (seen, name) = (heap.place(agent, "seen"), heap.field(agent, "name"));
            let inside = heap.inside(agent);
            assert!(heap.is_one(agent));
            assert_eq!(heap.same(seen), heap.same(inside), "{before}");
            assert_eq!(heap.same(name), heap.same(inside), "{before}");
        }
    }
}
