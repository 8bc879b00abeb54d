//! Several people at the same moment: nobody waits in a circle, and nobody overwrites what they have not seen.

use futures_util::future::join_all;
use wxpress::content::{ArticleKey, Error, Fields, Html, Lookup, PageFields, SitePath, Slug};

use crate::database::{TestContent, written};
use crate::newsroom::{EDITOR, WRITER};

#[tokio::test]
async fn articles_that_share_tags_go_out_together() {
    let site = TestContent::new().await;
    for round in 0..12 {
        let mut tags: Vec<String> = (0..6).map(|number| format!("标签{round}之{number}")).collect();
        let mut articles = Vec::new();
        for _ in 0..4 {
            tags.rotate_left(1);
            let mut tags = tags.clone();
            if articles.len() % 2 == 1 {
                tags.reverse();
            }
            let fields = Fields { tags, ..written("同时发布") };
            articles.push((site.content.create(WRITER, fields.clone()).await.unwrap(), fields.tags));
        }

        let published = join_all(articles.iter().map(|(id, _)| site.content.publish(EDITOR, *id, None))).await;

        for (outcome, (id, tags)) in published.into_iter().zip(articles) {
            outcome.unwrap_or_else(|error| panic!("round {round}: {error}"));
            let kept = site.content.published(&ArticleKey::Number(id)).await.unwrap();
            assert_eq!(kept.fields.tags, tags, "in the editors' order");
        }
    }
}

#[tokio::test]
async fn tags_are_merged_while_articles_go_out() {
    let site = TestContent::new().await;
    for round in 0..8 {
        let name = |number: usize| format!("标签{round}之{number}");
        let tagged = |tags: Vec<String>| Fields { tags, ..written("有标签") };
        let all = tagged((0..4).map(name).collect());
        site.published(all.clone()).await;
        let mut tags = Vec::new();
        for number in 0..4 {
            tags.push(site.content.tag_id(&name(number)).await.unwrap().unwrap());
        }
        let backwards = tagged((0..4).rev().map(name).collect());
        let (one, other) =
            (site.content.create(WRITER, all).await.unwrap(), site.content.create(WRITER, backwards).await.unwrap());

        let (merged, renamed, one, other) = futures_util::future::join4(
            site.content.merge_tag(EDITOR, tags[3], tags[0]),
            site.content.rename_tag(EDITOR, tags[1], &format!("新标签{round}")),
            site.content.publish(EDITOR, one, None),
            site.content.publish(EDITOR, other, None),
        )
        .await;

        for outcome in [merged, renamed, one, other] {
            outcome.unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
    }
}

#[tokio::test]
async fn two_people_sort_categories_and_pages_at_once() {
    let site = TestContent::new().await;
    let (mut ids, mut slugs) = (Vec::new(), Vec::<Slug>::new());
    for name in ["a", "b", "c", "d", "e", "f"] {
        ids.push(site.content.create_category(EDITOR, name, None).await.unwrap());
        slugs.push(name.parse().unwrap());
        let fields = PageFields { title: name.to_owned(), ..PageFields::default() };
        site.content.create_page(EDITOR, slugs.last().unwrap(), fields).await.unwrap();
    }
    let (backwards, upside_down): (Vec<_>, Vec<_>) =
        (ids.iter().rev().copied().collect(), slugs.iter().rev().cloned().collect());
    for round in 0..12 {
        let (one, other) = futures_util::future::join(
            site.content.order_categories(EDITOR, &ids),
            site.content.order_categories(EDITOR, &backwards),
        )
        .await;
        let (third, fourth) = futures_util::future::join(
            site.content.order_pages(EDITOR, &slugs),
            site.content.order_pages(EDITOR, &upside_down),
        )
        .await;

        for outcome in [one, other, third, fourth] {
            outcome.unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
        // The order of one of the two, not a mixture.
        let sections = site.content.sections().await.unwrap();
        let sections: Vec<_> = sections.into_iter().map(|section| section.category.id).collect();
        assert!(sections == ids || sections == backwards, "{sections:?}");
        let pages = site.content.pages().await.unwrap();
        let pages: Vec<_> = pages.into_iter().map(|page| page.slug).collect();
        assert!(pages == slugs || pages == upside_down, "{pages:?}");
    }
}

#[tokio::test]
async fn no_address_is_dead_after_a_category_was_merged_and_renamed() {
    let site = TestContent::new().await;
    let content = &site.content;
    for round in 0..12 {
        let slug = |name: &str| -> Slug { format!("{name}-{round}").parse().unwrap() };
        let make =
            async |name: &str| content.create_category(EDITOR, &format!("{name}{round}"), Some(&slug(name))).await;
        let (from, into) = (make("sport").await.unwrap(), make("news").await.unwrap());

        let (merged, renamed) = futures_util::future::join(
            content.merge_category(EDITOR, from, into),
            content.rename_category(EDITOR, from, (&format!("体育{round}"), &slug("games"))),
        )
        .await;

        merged.unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert!(matches!(renamed, Ok(()) | Err(Error::NotFound)), "round {round}: {renamed:?}");
        let names = if renamed.is_ok() { vec!["sport", "games"] } else { vec!["sport"] };
        for name in names {
            let found = content.find_path(&SitePath::category(&slug(name))).await.unwrap();
            assert_eq!(found, Lookup::Path(format!("/categories/news-{round}")), "round {round}: {name}, {renamed:?}");
        }
    }
}

#[tokio::test]
async fn one_address_is_given_to_one_page() {
    let site = TestContent::new().await;
    for round in 0..10 {
        let slug: Slug = format!("page-{round}").parse().unwrap();
        let fields = |number: usize| PageFields {
            title: format!("第 {number} 人"),
            body: Html::clean("<p>正文</p>"),
            ..PageFields::default()
        };

        let made = join_all((0..6).map(|number| site.content.create_page(EDITOR, &slug, fields(number)))).await;

        let winners: Vec<usize> = (0..6).filter(|number| made[*number].is_ok()).collect();
        assert_eq!(winners.len(), 1, "round {round}: {made:?}");
        let others = made.iter().filter(|outcome| matches!(outcome, Err(Error::SlugTaken(taken)) if *taken == slug));
        assert_eq!(others.count(), 5, "round {round}: {made:?}");
        let page = site.content.page(&slug).await.unwrap();
        assert_eq!((page.fields.title, page.version), (format!("第 {} 人", winners[0]), 1));
    }
}
