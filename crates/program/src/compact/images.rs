//! Objects as images: each is the part that it takes of the image in which it was found.

use super::shape::{Origin, Shape};
use super::{Expansion, Objects};
use crate::ast::{Expr, Ranged};
use crate::edit::{Edit, apply_edits};

impl<'a> Expansion<'a> {
    /// An argument that has to be an image; what it needs for that is put around it, its own edits being
    /// those from `opening` on.
    pub(super) fn give_image(&mut self, value: &'a Expr, shape: &Shape, opening: usize) {
        match shape {
            object if object.is_object() => self.give_object(value, object, opening),
            list if list.is_list() => self.list_given(value, "image"),
            Shape::Unknown | Shape::Nothing if self.finds_objects => match self.objects {
                Objects::ByPlace => self.needs_images = true,
                Objects::WithImages => {
                    self.around(
                        value,
                        opening,
                        &format!("{}(", self.names.as_image.clone()),
                        ")",
                    );
                    self.helpers.as_image = true;
                }
            },
            _ => {}
        }
    }

    fn give_object(&mut self, value: &'a Expr, object: &Shape, opening: usize) {
        match (self.objects, object) {
            (Objects::WithImages, _) => {
                let image = self.quoted("image");
                let simple = matches!(
                    value,
                    Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) | Expr::Call(_)
                );
                let (before, after) = if simple {
                    ("", format!("[{image}]"))
                } else {
                    ("(", format!(")[{image}]"))
                };
                self.around(value, opening, before, &after);
            }
            (Objects::ByPlace, Shape::Of(_, origin @ Origin::In { image, .. }))
                if self.scope.is_at_hand(origin) =>
            {
                let before = format!("{}({image}, ", self.names.crop);
                self.around(value, opening, &before, ")");
                self.helpers.crop = true;
            }
            (Objects::ByPlace, _) => self.needs_images = true,
        }
    }

    fn around(&mut self, value: &Expr, opening: usize, before: &str, after: &str) {
        let (start, end) = (value.start().to_usize(), value.end().to_usize());
        if !before.is_empty() {
            self.edits.insert(opening, Edit::insert(start, before));
        }
        self.edits.push(Edit::insert(end, after));
    }

    /// Where boxes lie that are found in this image.
    pub(super) fn origin_in(&self, value: &Expr, shape: &Shape) -> Origin {
        let Some(name) = value.as_name_expr().map(|name| name.id.as_str()) else {
            return Origin::Unclear;
        };
        let Some(version) = self.scope.version(name) else {
            return Origin::Unclear;
        };
        let here = (name.to_owned(), version);
        match shape {
            image if image.is_image() => Origin::In {
                image: name.to_owned(),
                names: vec![here],
            },
            Shape::Of(_, origin @ Origin::In { image, names })
                if shape.is_object() && self.scope.is_at_hand(origin) =>
            {
                let mut names = names.clone();
                names.push(here);
                Origin::In {
                    image: format!("{}({image}, {name})", self.names.crop),
                    names,
                }
            }
            _ => Origin::Unclear,
        }
    }

    /// An expression as the expanded program has it, if writing it twice does nothing twice.
    pub(super) fn written(&self, value: &Expr, opening: usize) -> Option<String> {
        if self.calls_of_functions(value) {
            return None;
        }
        let (start, end) = (value.start().to_usize(), value.end().to_usize());
        let edits: Vec<Edit> = self.edits[opening..]
            .iter()
            .map(|edit| Edit {
                start: edit.start - start,
                end: edit.end - start,
                text: edit.text.clone(),
            })
            .collect();
        apply_edits(&self.parsed.source()[start..end], &edits).ok()
    }
}
