//! A compound small enough to hold in the head.
//!
//! | who | what |
//! |---|---|
//! | 王桂芳 | lives alone, 3-2-501, ability level 2; her daughter and her son act for her |
//! | 李建国 | 5-1-201, grid two; the daughter's father-in-law: she acts for him too |
//! | 赵敏 | 5-1-202, grid two; somebody else's |
//! | 陈志强, 刘秀英, 周建华 | volunteers, meals and company; 陈志强 alone plays chess |
//! | 孙丽 | care staff; bathing, with a credential until the 30th of November |
//!
//! Everybody is free from 8 to 18 on every day of the week. Nothing is served on the 1st of December.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::*;
use entity::words::*;
use entity::*;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use yinling::error::Result;
use yinling::store::Store;

/// Numbers of what is in the compound.
#[derive(Clone, Debug)]
pub struct Fixture {
    pub coordinator: AccountId,
    pub clerk: AccountId,
    pub admin: AccountId,
    pub panel: AccountId,
    pub officer: AccountId,
    pub daughter: AccountId,
    pub son: AccountId,
    pub stranger: AccountId,
    pub mother: ResidentId,
    pub father_in_law: ResidentId,
    pub neighbour: ResidentId,
    pub mothers_home: HouseholdId,
    pub chen: HelperId,
    pub liu: HelperId,
    pub zhou: HelperId,
    pub sun: HelperId,
    pub chen_account: AccountId,
    pub liu_account: AccountId,
    pub zhou_account: AccountId,
    pub sun_account: AccountId,
}

/// The password of those who have one.
pub const PASSWORD: &str = "compound-876";

impl Fixture {
    /// Fills an empty database.
    pub async fn build(store: &Store, now: DateTime<Utc>) -> Self {
        store
            .write(move |txn| Box::pin(async move { build(txn, now).await }))
            .await
            .unwrap()
    }
}

struct Maker<'a> {
    txn: &'a DatabaseTransaction,
    community: CommunityId,
    now: DateTime<Utc>,
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn build(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Fixture> {
    let community = community::ActiveModel {
        name: Set("滨湖社区".into()),
        street: Set("檀溪街道".into()),
        time_zone: Set("Asia/Shanghai".into()),
        office_phone: Set("07103000000".into()),
        synthetic: Set(true),
        horizon_days: Set(30),
        cutoff_hours: Set(12),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?
    .id;
    let make = Maker {
        txn,
        community,
        now,
    };
    let officer = make
        .account("网格员小郑", Some("officer"), None, &[Role::GridOfficer])
        .await?;
    let (one, two) = make.place(officer).await?;
    let mothers_home = make
        .household(one, 2, 5, "501", Some("07103210001"))
        .await?;
    let second = make.household(two, 1, 2, "201", None).await?;
    let third = make
        .household(two, 1, 2, "202", Some("07103210003"))
        .await?;
    let mother = make
        .resident(
            mothers_home,
            "王桂芳",
            "wgf",
            Sex::Female,
            Living::Alone,
            Some(2),
        )
        .await?;
    let father_in_law = make
        .resident(second, "李建国", "ljg", Sex::Male, Living::Couple, None)
        .await?;
    let neighbour = make
        .resident(third, "赵敏", "zm", Sex::Female, Living::Alone, None)
        .await?;
    let daughter = make
        .account(
            "王晓梅",
            Some("daughter"),
            Some("daughter@family.example"),
            &[Role::Family],
        )
        .await?;
    let son = make
        .account("王晓军", None, Some("son@family.example"), &[Role::Family])
        .await?;
    let stranger = make
        .account("赵强", None, Some("zhao@family.example"), &[Role::Family])
        .await?;
    make.relative(daughter, mother, Kinship::Daughter, true)
        .await?;
    make.relative(daughter, father_in_law, Kinship::Other, true)
        .await?;
    make.relative(son, mother, Kinship::Son, false).await?;
    make.relative(stranger, neighbour, Kinship::Son, true)
        .await?;
    let team = make.provider(ProviderKind::MutualAid, "银龄互助").await?;
    let company = make
        .provider(ProviderKind::CareCompany, "乐居·康养")
        .await?;
    let skills = make.catalogue().await?;
    let (chen, chen_account) = make
        .helper(team, HelperKind::Volunteer, "陈志强", "czq", Sex::Male)
        .await?;
    let (liu, liu_account) = make
        .helper(team, HelperKind::Volunteer, "刘秀英", "lxy", Sex::Female)
        .await?;
    let (zhou, zhou_account) = make
        .helper(team, HelperKind::Volunteer, "周建华", "zjh", Sex::Male)
        .await?;
    let (sun, sun_account) = make
        .helper(company, HelperKind::Staff, "孙丽", "sl", Sex::Female)
        .await?;
    for helper in [chen, liu, zhou] {
        make.can(helper, skills.meals).await?;
        make.can(helper, skills.lifting).await?;
    }
    make.can(chen, skills.chess).await?;
    make.can(sun, skills.bathing).await?;
    make.credential(sun, skills.bathing).await?;
    calendar_day::ActiveModel {
        community_id: Set(community),
        date: Set(date("2026-12-01")),
        kind: Set(DayKind::Closed),
        name_zh: Set("休整日".into()),
        name_en: Set("Rest day".into()),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    Ok(Fixture {
        coordinator: make
            .account(
                "调度员老何",
                Some("coordinator"),
                None,
                &[Role::Coordinator],
            )
            .await?,
        clerk: make
            .account("客服小秘书", Some("clerk"), None, &[Role::Clerk])
            .await?,
        admin: make
            .account("管理员", Some("admin"), None, &[Role::Admin])
            .await?,
        panel: make
            .account("评议员", Some("panel"), None, &[Role::PanelMember])
            .await?,
        officer,
        daughter,
        son,
        stranger,
        mother,
        father_in_law,
        neighbour,
        mothers_home,
        chen,
        liu,
        zhou,
        sun,
        chen_account,
        liu_account,
        zhou_account,
        sun_account,
    })
}

struct Skills {
    meals: SkillId,
    chess: SkillId,
    bathing: SkillId,
    lifting: SkillId,
}

impl Maker<'_> {
    async fn account(
        &self,
        name: &str,
        login: Option<&str>,
        email: Option<&str>,
        roles: &[Role],
    ) -> Result<AccountId> {
        let row = account::ActiveModel {
            community_id: Set(self.community),
            name: Set(name.into()),
            login: Set(login.map(str::to_owned)),
            password_hash: Set(login.map(|_| password())),
            email: Set(email.map(str::to_owned)),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(self.now),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        for role in roles {
            account_role::ActiveModel {
                account_id: Set(row.id),
                role: Set(*role),
            }
            .insert(self.txn)
            .await?;
        }
        Ok(row.id)
    }

    /// Building 3 in the officer's grid, building 5 in the other.
    async fn place(&self, officer: AccountId) -> Result<(BuildingId, BuildingId)> {
        let compound = compound::ActiveModel {
            community_id: Set(self.community),
            name: Set("东方小区".into()),
            station_x_m: Set(300.0),
            station_y_m: Set(10.0),
            ..Default::default()
        }
        .insert(self.txn)
        .await?
        .id;
        let mut buildings = Vec::new();
        for (number, x, y, officer) in [
            ("3", 100.0, 100.0, Some(officer)),
            ("5", 400.0, 300.0, None),
        ] {
            let grid = grid::ActiveModel {
                community_id: Set(self.community),
                compound_id: Set(compound),
                name: Set(format!("{number}号网格")),
                officer_id: Set(officer),
                ..Default::default()
            }
            .insert(self.txn)
            .await?
            .id;
            buildings.push(
                building::ActiveModel {
                    community_id: Set(self.community),
                    compound_id: Set(compound),
                    grid_id: Set(grid),
                    number: Set(number.into()),
                    x_m: Set(x),
                    y_m: Set(y),
                    floors: Set(6),
                    has_lift: Set(false),
                    ..Default::default()
                }
                .insert(self.txn)
                .await?,
            );
        }
        Ok((buildings[0].id, buildings[1].id))
    }

    async fn household(
        &self,
        building: BuildingId,
        entrance: i32,
        floor: i32,
        flat: &str,
        phone: Option<&str>,
    ) -> Result<HouseholdId> {
        let number = if building.0 == 1 { 3 } else { 5 };
        Ok(household::ActiveModel {
            community_id: Set(self.community),
            building_id: Set(building),
            entrance: Set(entrance),
            floor: Set(floor),
            flat: Set(flat.into()),
            door_key: Set(format!("{number}-{entrance}-{flat}")),
            phone: Set(phone.map(str::to_owned)),
            ..Default::default()
        }
        .insert(self.txn)
        .await?
        .id)
    }

    async fn resident(
        &self,
        home: HouseholdId,
        name: &str,
        initials: &str,
        sex: Sex,
        living: Living,
        level: Option<i32>,
    ) -> Result<ResidentId> {
        Ok(resident::ActiveModel {
            community_id: Set(self.community),
            household_id: Set(home),
            name: Set(name.into()),
            initials: Set(initials.into()),
            sex: Set(sex),
            birth_date: Set(date("1941-03-08")),
            phone: Set(Some("13900000001".into())),
            living: Set(living),
            ability_level: Set(level),
            knock_note: Set(Some("敲门重一点".into())),
            safety_note: Set(Some("听力不好，请大声".into())),
            state: Set(ResidentState::Active),
            ..Default::default()
        }
        .insert(self.txn)
        .await?
        .id)
    }

    async fn relative(
        &self,
        account: AccountId,
        resident: ResidentId,
        relation: Kinship,
        can_book: bool,
    ) -> Result<()> {
        family_member::ActiveModel {
            community_id: Set(self.community),
            account_id: Set(account),
            resident_id: Set(resident),
            relation: Set(relation),
            can_book: Set(can_book),
            wants_mail: Set(true),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        Ok(())
    }

    async fn provider(&self, kind: ProviderKind, name: &str) -> Result<ProviderId> {
        Ok(provider::ActiveModel {
            community_id: Set(self.community),
            kind: Set(kind),
            name: Set(name.into()),
            phone: Set("07103111111".into()),
            state: Set(ProviderState::Active),
            ..Default::default()
        }
        .insert(self.txn)
        .await?
        .id)
    }

    async fn skill(&self, code: &str, zh: &str, needs_credential: bool) -> Result<SkillId> {
        Ok(skill::ActiveModel {
            community_id: Set(self.community),
            code: Set(code.into()),
            name_zh: Set(zh.into()),
            name_en: Set(code.into()),
            needs_credential: Set(needs_credential),
            ..Default::default()
        }
        .insert(self.txn)
        .await?
        .id)
    }

    async fn catalogue(&self) -> Result<Skills> {
        let skills = Skills {
            meals: self.skill("delivery", "送餐", false).await?,
            chess: self.skill("chess", "下棋", false).await?,
            bathing: self.skill("bathing", "助浴", true).await?,
            lifting: self.skill("lifting", "搬抬", false).await?,
        };
        self.service(
            ("MEAL", "午餐送餐上门", "Lunch delivered"),
            skills.meals,
            15,
            &[(HelperKind::Volunteer, 1200)],
            1,
        )
        .await?;
        self.service(
            ("CHESS", "陪下象棋", "A game of chess"),
            skills.chess,
            60,
            &[(HelperKind::Volunteer, 0)],
            1,
        )
        .await?;
        self.service(
            ("BATH", "上门助浴", "Help with bathing"),
            skills.bathing,
            60,
            &[(HelperKind::Staff, 6000)],
            1,
        )
        .await?;
        self.service(
            ("LIFT", "搬抬家具", "Moving furniture"),
            skills.lifting,
            40,
            &[(HelperKind::Volunteer, 0)],
            2,
        )
        .await?;
        Ok(skills)
    }

    async fn service(
        &self,
        (code, zh, en): (&str, &str, &str),
        skill: SkillId,
        minutes: i32,
        offers: &[(HelperKind, i64)],
        crew: i32,
    ) -> Result<()> {
        let bathing = code == "BATH";
        let row = service::ActiveModel {
            community_id: Set(self.community),
            code: Set(code.into()),
            category: Set("助餐".into()),
            name_zh: Set(zh.into()),
            name_en: Set(en.into()),
            unit: Set("次".into()),
            duration_min: Set(minutes),
            market_price_fen: Set(9000),
            skill_id: Set(skill),
            crew_size: Set(crew),
            lead_time_hours: Set(2),
            place: Set(Place::Home),
            ability_min: Set(i32::from(bathing)),
            ability_max: Set(4),
            intimate: Set(bathing),
            credit: Set(!bathing),
            home_service_class: Set("生活照料".into()),
            priority: Set(if bathing { 7 } else { 3 }),
            active: Set(true),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        for (kind, price_fen) in offers {
            service_offer::ActiveModel {
                service_id: Set(row.id),
                kind: Set(*kind),
                price_fen: Set(*price_fen),
            }
            .insert(self.txn)
            .await?;
        }
        Ok(())
    }

    async fn helper(
        &self,
        provider: ProviderId,
        kind: HelperKind,
        name: &str,
        initials: &str,
        sex: Sex,
    ) -> Result<(HelperId, AccountId)> {
        let email = format!("{initials}@helpers.example");
        let account = self
            .account(name, None, Some(&email), &[Role::Helper])
            .await?;
        let row = helper::ActiveModel {
            community_id: Set(self.community),
            provider_id: Set(provider),
            account_id: Set(account),
            kind: Set(kind),
            name: Set(name.into()),
            initials: Set(initials.into()),
            sex: Set(sex),
            birth_date: Set(date("1960-05-01")),
            phone: Set("13800000001".into()),
            home_id: Set(None),
            daily_limit_min: Set(240),
            weekly_limit_min: Set(1500),
            active: Set(true),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        for weekday in 1..=7 {
            availability::ActiveModel {
                community_id: Set(self.community),
                helper_id: Set(row.id),
                weekday: Set(weekday),
                from_min: Set(8 * 60),
                to_min: Set(18 * 60),
                ..Default::default()
            }
            .insert(self.txn)
            .await?;
        }
        Ok((row.id, account))
    }

    async fn can(&self, helper: HelperId, skill: SkillId) -> Result<()> {
        helper_skill::ActiveModel {
            helper_id: Set(helper),
            skill_id: Set(skill),
        }
        .insert(self.txn)
        .await?;
        Ok(())
    }

    async fn credential(&self, helper: HelperId, skill: SkillId) -> Result<()> {
        credential::ActiveModel {
            community_id: Set(self.community),
            helper_id: Set(helper),
            skill_id: Set(skill),
            name: Set("养老护理员".into()),
            number: Set("X-1".into()),
            valid_from: Set(date("2024-12-01")),
            valid_until: Set(date("2026-11-30")),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        Ok(())
    }
}

/// Hashed once a process: it costs tens of milliseconds.
fn password() -> String {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| yinling::accounts::password::hash(PASSWORD).unwrap())
        .clone()
}
