//! Changing a password: by its owner, who is signed in, and on the command line for somebody who is locked out.

use axum::http::StatusCode;
use entity::words::{MailKind, Subject};
use entity::{account, audit, outbox};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::both;
use crate::mail::{files, mails, send_all, text};
use crate::support::House;
use crate::support::fixture::PASSWORD;

async fn letters(house: &House) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(MailKind::PasswordChanged))
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    what_does_not_hold_is_said_on_its_field_and_changes_nothing,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for (old, new, field) in [
            ("not the password", "四把雨伞放在门后面了", "old"),
            (PASSWORD, "short", "new"),
            (PASSWORD, "1qaz2wsx3edc", "new"),
            (PASSWORD, "Yinling2026!", "new"),
            (PASSWORD, "滨湖社区滨湖社区66", "new"),
            (PASSWORD, "clerk-clerk-clerk", "new"),
            (PASSWORD, PASSWORD, "new"),
        ] {
            let told = clerk
                .put("/api/me/password", json!({"old": old, "new": new}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{new}");
        }
        assert_eq!(letters(house).await, 0);
        clerk.get("/api/me").await.ok();
        house
            .stranger()
            .post(
                "/api/session",
                json!({"login": "clerk", "password": PASSWORD}),
            )
            .await
            .ok();
    }
);

both!(
    its_owner_hears_of_it_by_mail_and_it_is_on_record,
    async |house: &House| {
        house
            .alter(account::ActiveModel {
                id: sea_orm::ActiveValue::Set(house.at.clerk),
                email: sea_orm::ActiveValue::Set(Some("clerk@office.example".into())),
                ..Default::default()
            })
            .await;
        let mut clerk = house.enter(house.at.clerk).await;
        // Spaces and any writing will do, pasted or typed.
        let new = "  雨伞 umbrella ☂ four  ";
        clerk
            .put("/api/me/password", json!({"old": PASSWORD, "new": new}))
            .await
            .expect(StatusCode::NO_CONTENT);
        house
            .stranger()
            .post("/api/session", json!({"login": "clerk", "password": new}))
            .await
            .ok();
        assert_eq!(send_all(house, &files(house)).await.sent, 1);
        let mail = mails(&house.mail).pop().unwrap();
        let said = text(&mail);
        assert!(said.contains("您的登录密码刚刚改过了"), "{said}");
        assert!(said.contains("http://yinling.test/me"), "{said}");
        assert!(!said.contains("umbrella"));
        let row = audit::Entity::find()
            .filter(audit::Column::What.eq(Subject::Account))
            .filter(audit::Column::Action.eq("password_changed"))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.object_id, row.account_id),
            (house.at.clerk.0, Some(house.at.clerk))
        );
        assert!(row.note.is_none());
    }
);

both!(
    whoever_comes_in_by_links_has_none_to_change,
    async |house: &House| {
        let mut son = house.enter(house.at.son).await;
        let own = son.get("/api/me/account").await.ok();
        assert_eq!(
            (&own["has_password"], &own["email"]),
            (&json!(false), &json!("son@family.example"))
        );
        son.put(
            "/api/me/password",
            json!({"old": "", "new": "四把雨伞放在门后面了"}),
        )
        .await
        .refused(StatusCode::CONFLICT, "not-now");
    }
);
