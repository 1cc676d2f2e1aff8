//! What standings and papers are called.

use entity::words::{Lang, PaperKind, ProviderKind, Standing};

use crate::matching::Barred;
use crate::said::pick;

/// What a standing is called.
#[must_use]
pub fn standing_word(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Applied => pick(lang, "已申请", "Applied"),
        Standing::Checked => pick(lang, "已核查，待批准", "Checked, to be approved"),
        Standing::Approved => pick(lang, "合作中", "Approved"),
        Standing::Suspended => pick(lang, "已暂停", "Suspended"),
        Standing::Ended => pick(lang, "已终止", "Ended"),
        Standing::Refused => pick(lang, "未通过", "Refused"),
    }
}

/// What a kind of provider is called.
#[must_use]
pub fn kind_word(kind: ProviderKind, lang: Lang) -> &'static str {
    match kind {
        ProviderKind::MutualAid => pick(lang, "互助队", "Mutual-aid team"),
        ProviderKind::CareCompany => pick(lang, "康养公司", "Care company"),
        ProviderKind::Merchant => pick(lang, "商户", "Merchant"),
    }
}

/// What a paper is called.
#[must_use]
pub fn paper_word(kind: PaperKind, lang: Lang) -> &'static str {
    match kind {
        PaperKind::BusinessLicence => pick(lang, "营业执照", "Business licence"),
        PaperKind::FoodLicence => pick(lang, "食品经营许可证", "Food licence"),
        PaperKind::MedicalPractice => pick(lang, "医疗机构执业许可证", "Medical practice licence"),
        PaperKind::Insurance => pick(lang, "责任保险", "Liability insurance"),
        PaperKind::RecordCheck => pick(lang, "信用与无犯罪记录核查", "Record check"),
        PaperKind::Other => pick(lang, "其他证件", "Other paper"),
    }
}

/// What a change of a provider is called in its history.
#[must_use]
pub fn action_word(action: &str, lang: Lang) -> &'static str {
    match action {
        "applied" => pick(lang, "提出申请", "Applied"),
        "edited" => pick(lang, "修改资料", "Details changed"),
        "checked" => pick(lang, "核查完成", "Checked"),
        "reopened" => pick(lang, "资料有变，重新核查", "Changed, to be checked again"),
        "first_approval" => pick(lang, "第一人批准", "First approval"),
        "approved" => pick(lang, "第二人批准，开始合作", "Second approval: admitted"),
        "refused" => pick(lang, "未通过", "Refused"),
        "suspended" => pick(lang, "暂停", "Suspended"),
        "resumed" => pick(lang, "恢复", "Resumed"),
        "ended" => pick(lang, "终止", "Ended"),
        "paper_added" => pick(lang, "登记证件", "Paper recorded"),
        "paper_checked" => pick(lang, "核对证件", "Paper checked"),
        "paper_removed" => pick(lang, "撤下证件", "Paper taken away"),
        "scan_kept" => pick(lang, "上传扫描件", "Scan added"),
        "services_set" => pick(lang, "修改服务范围", "Services changed"),
        "price_set" => pick(lang, "设定价格", "Price set"),
        "price_removed" => pick(lang, "撤销价格", "Price taken back"),
        "handed_over" => pick(lang, "把在办服务交给别人", "Visits handed over"),
        _ => pick(lang, "变更", "Changed"),
    }
}

/// Why a provider takes no new work.
#[must_use]
pub fn idle_word(why: Barred, lang: Lang) -> &'static str {
    match why {
        Barred::NotAdmitted => pick(lang, "还没有获准入驻", "Not admitted"),
        Barred::Suspended => pick(
            lang,
            "已暂停，不接新的预约",
            "Suspended: takes no new bookings",
        ),
        Barred::Ended => pick(lang, "已终止合作", "No longer works with us"),
        Barred::PaperExpired => pick(
            lang,
            "必备证照已过期，换新前不接新的预约",
            "A paper it must have is out of date: takes no new bookings until it is renewed",
        ),
        Barred::NotOffered => pick(lang, "不提供这项服务", "Does not offer this service"),
        // These two are a resident's word, and say nothing of a provider.
        Barred::NoSharing => pick(
            lang,
            "老人不同意提供给商户",
            "The resident does not allow sharing",
        ),
        Barred::NoCare => pick(
            lang,
            "老人撤回了照护服务的同意",
            "Consent to care was withdrawn",
        ),
    }
}
