//! 栏目: the sections of the site. Pure.

use super::slug::Slug;

/// A section of the site. An article is in at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its number.
    pub id: i64,
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// The slugs that a category with this name would like, best first: its name, else a number.
pub(super) fn slug_wishes(name: &str, number: i64) -> Vec<Slug> {
    let mut wishes = Vec::new();
    if let Some(slug) = Slug::suggest(name) {
        if let Ok(numbered) = format!("{slug}-{number}").parse() {
            wishes.push(numbered);
        }
        wishes.insert(0, slug);
    }
    wishes.extend(format!("category-{number}").parse());
    wishes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_addressed_by_its_name_where_that_is_ascii() {
        let wishes = |name| slug_wishes(name, 3).iter().map(Slug::to_string).collect::<Vec<_>>();
        assert_eq!(wishes("Service Mesh"), ["service-mesh", "service-mesh-3", "category-3"]);
        assert_eq!(wishes("要闻"), ["category-3"]);
    }
}
