//! Expressions: what they give, and what in them has to be written differently.

use dice_catalog::Type;

use super::Expansion;
use super::shape::{Origin, Shape};
use super::statements::Inside;
use crate::ast::visitor;
use crate::ast::{
    CmpOp, Comprehension, Expr, ExprCompare, ExprFString, ExprGenerator, ExprLambda, Number,
    Operator, Ranged,
};
use crate::edit::Edit;

impl<'a> Expansion<'a> {
    pub(super) fn shape_of(&mut self, expression: &'a Expr) -> Shape {
        match expression {
            Expr::Name(name) => self.scope.shape(name.id.as_str()),
            Expr::StringLiteral(_) => Shape::TEXT,
            Expr::NumberLiteral(literal) => match literal.value {
                Number::Int(_) => Shape::Of(Type::Integer, Origin::None),
                _ => Shape::NUMBER,
            },
            Expr::BooleanLiteral(_) => Shape::BOOLEAN,
            Expr::NoneLiteral(_) => Shape::Nothing,
            Expr::FString(text) => {
                self.f_string(text, expression);
                Shape::TEXT
            }
            Expr::Call(call) => self.call(call, None),
            // What awaits a call already is taken at its word.
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) => self.call(call, Some(wait.start().to_usize())),
                other => self.shape_of(other),
            },
            Expr::Attribute(attribute) => self.attribute(attribute),
            Expr::Subscript(subscript) => self.subscript(subscript),
            Expr::Compare(compare) => self.compare(compare),
            Expr::BinOp(operation) => {
                let left = self.shape_of(&operation.left);
                let right = self.shape_of(&operation.right);
                match operation.op {
                    Operator::Add if left == Shape::TEXT || left.is_list() => left.join(right),
                    Operator::Mod if left == Shape::TEXT => left,
                    _ => left.join(right),
                }
            }
            Expr::BoolOp(operation) => self.joined(&operation.values),
            Expr::If(choice) => {
                self.shape_of(&choice.test);
                let body = self.shape_of(&choice.body);
                body.join(self.shape_of(&choice.orelse))
            }
            Expr::Named(named) => {
                let shape = self.shape_of(&named.value);
                self.bind_target(&named.target, shape.clone());
                shape
            }
            Expr::List(list) => Shape::list(self.joined(&list.elts)),
            Expr::Set(set) => Shape::list(self.joined(&set.elts)),
            Expr::Tuple(tuple) => {
                Shape::Tuple(tuple.elts.iter().map(|item| self.shape_of(item)).collect())
            }
            Expr::Dict(dict) => {
                let mut values = Shape::Nothing;
                for item in &dict.items {
                    item.key.iter().for_each(|key| drop(self.shape_of(key)));
                    values = values.join(self.shape_of(&item.value));
                }
                Shape::Map(Box::new(values))
            }
            Expr::ListComp(list) => Shape::list(self.comprehension(&[&list.elt], &list.generators)),
            Expr::SetComp(set) => Shape::list(self.comprehension(&[&set.elt], &set.generators)),
            Expr::Generator(generator) => self.generator(generator),
            Expr::DictComp(dict) => {
                let parts: Vec<&Expr> = dict
                    .key
                    .as_deref()
                    .into_iter()
                    .chain([&*dict.value])
                    .collect();
                Shape::Map(Box::new(self.comprehension(&parts, &dict.generators)))
            }
            Expr::Lambda(lambda) => {
                self.lambda(lambda, Shape::Unknown);
                Shape::Unknown
            }
            other => {
                visitor::walk_expr(&mut Inside(self), other);
                Shape::Unknown
            }
        }
    }

    pub(super) fn joined(&mut self, items: &'a [Expr]) -> Shape {
        let mut shape = Shape::Nothing;
        for item in items {
            let item = match item {
                Expr::Starred(starred) => self.shape_of(&starred.value).item(),
                item => self.shape_of(item),
            };
            shape = shape.join(item);
        }
        shape
    }

    /// What is inserted into an f-string must not end it (Python 3.11).
    fn f_string(&mut self, text: &'a ExprFString, expression: &'a Expr) {
        let quote = self
            .parsed
            .text(text)
            .chars()
            .find(|letter| matches!(letter, '"' | '\''));
        self.quotes.extend(quote);
        visitor::walk_expr(&mut Inside(self), expression);
        if quote.is_some() {
            self.quotes.pop();
        }
    }

    /// What its last part gives, each time.
    fn comprehension(&mut self, parts: &[&'a Expr], generators: &'a [Comprehension]) -> Shape {
        let before = self.scope.clone();
        for generator in generators {
            let item = self.shape_of(&generator.iter).item();
            self.bind_target(&generator.target, item);
            for test in &generator.ifs {
                self.shape_of(test);
            }
        }
        let mut shape = Shape::Unknown;
        for part in parts {
            shape = self.shape_of(part);
        }
        self.scope = before;
        shape
    }

    /// One that calls becomes a list: a generator that awaits is none that `sum` or `any` can walk.
    fn generator(&mut self, generator: &'a ExprGenerator) -> Shape {
        let calls = self.calls_of_functions(&generator.elt)
            || generator
                .generators
                .iter()
                .enumerate()
                .any(|(position, one)| {
                    one.ifs.iter().any(|test| self.calls_of_functions(test))
                        || position > 0 && self.calls_of_functions(&one.iter)
                });
        let (start, end) = (generator.start().to_usize(), generator.end().to_usize());
        if calls && !generator.parenthesized {
            self.edits.push(Edit::insert(start, "["));
        } else if calls {
            self.edits.push(Edit {
                start,
                end: start + 1,
                text: "[".to_owned(),
            });
        }
        let shape = self.comprehension(&[&generator.elt], &generator.generators);
        if calls && !generator.parenthesized {
            self.edits.push(Edit::insert(end, "]"));
        } else if calls {
            self.edits.push(Edit {
                start: end - 1,
                end,
                text: "]".to_owned(),
            });
        }
        Shape::list(shape)
    }

    /// A function without a name, called with this.
    pub(super) fn lambda(&mut self, lambda: &'a ExprLambda, argument: Shape) {
        let outer = self.no_await.replace("a lambda");
        let before = self.scope.clone();
        let parameters = lambda
            .parameters
            .iter()
            .flat_map(|parameters| parameters.iter());
        for (position, parameter) in parameters.enumerate() {
            let shape = if position == 0 {
                argument.clone()
            } else {
                Shape::Unknown
            };
            self.scope.bind(parameter.name().as_str(), shape);
        }
        self.shape_of(&lambda.body);
        self.scope = before;
        self.no_await = outer;
    }

    /// Small models compare what is true or false with "yes" and "no".
    fn compare(&mut self, compare: &'a ExprCompare) -> Shape {
        let opening = self.edits.len();
        let left = self.shape_of(&compare.left);
        for comparator in &compare.comparators {
            self.shape_of(comparator);
        }
        let ([operator], [Expr::StringLiteral(literal)]) = (&*compare.ops, &*compare.comparators)
        else {
            return Shape::BOOLEAN;
        };
        let said = match literal.value.to_str().to_lowercase().as_str() {
            "yes" | "true" => true,
            "no" | "false" => false,
            _ => return Shape::BOOLEAN,
        };
        let same = match operator {
            CmpOp::Eq | CmpOp::Is => true,
            CmpOp::NotEq | CmpOp::IsNot => false,
            _ => return Shape::BOOLEAN,
        };
        let (start, end) = (compare.left.end().to_usize(), compare.end().to_usize());
        match &left {
            Shape::Of(Type::Boolean, _) => {
                if said != same {
                    let at = compare.start().to_usize();
                    self.edits.insert(opening, Edit::insert(at, "not "));
                }
                self.edits.push(Edit::delete(start, end));
            }
            Shape::Of(Type::Union(kinds), _) if kinds.contains(&Type::Boolean) => {
                let (not, truth) = (
                    if same { "" } else { "not " },
                    if said { "True" } else { "False" },
                );
                let literal = self.parsed.text(literal);
                let text = format!(" {not}in ({truth}, {literal})");
                self.edits.push(Edit { start, end, text });
            }
            _ => {}
        }
        Shape::BOOLEAN
    }
}
