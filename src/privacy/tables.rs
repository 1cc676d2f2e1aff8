//! What the tables about a person are called to those who are not programmers: one word each, in the workbook of everything about
//! somebody and in what is said before it is erased.

/// The names, in Chinese and in English; the table's own where it has none.
#[must_use]
pub fn called(table: &'static str) -> (&'static str, &'static str) {
    NAMES
        .iter()
        .find(|(name, ..)| *name == table)
        .map_or((table, table), |(_, zh, en)| (zh, en))
}

const NAMES: &[(&str, &str, &str)] = &[
    ("resident", "个人档案", "File"),
    ("wish", "人选意愿", "Wishes"),
    ("household", "住处", "Home"),
    ("family_member", "家属", "Family"),
    ("assessment", "能力评估", "Assessments"),
    ("absence", "住院外出", "Times away"),
    ("consent", "同意记录", "Consents"),
    ("visit", "工单", "Visits"),
    ("series", "周期预约", "Series"),
    ("booking", "预约", "Bookings"),
    ("unmet", "没约上的", "Asked in vain"),
    ("station_signup", "服务站活动", "At the station"),
    ("assignment", "服务人员安排", "Assignments"),
    ("change_request", "改约申请", "Change requests"),
    ("lapse", "迟到缺席", "Late and missed"),
    ("series_part", "周期规则", "Rules of series"),
    ("series_date", "周期日期", "Dates of series"),
    ("help_request", "求助单", "Help requests"),
    ("complaint", "投诉", "Complaints"),
    ("call", "来电", "Calls"),
    ("callback", "回电", "Callbacks"),
    ("check_call", "关怀电话", "Check calls"),
    ("follow_up", "回访", "Follow-ups"),
    ("help_step", "求助经过", "Steps of help"),
    ("rating", "评价", "Ratings"),
    ("complaint_step", "投诉经过", "Steps of complaints"),
    ("time_account", "时间银行账户", "Time account"),
    ("voucher", "优惠券", "Vouchers"),
    ("payment_line", "付款", "Payments"),
    ("session_payment", "活动付款", "Payments of sessions"),
    ("subsidy", "补贴", "Subsidies"),
    ("voucher_use", "用券", "Vouchers used"),
    ("audit", "操作记录", "Changes"),
    ("access_log", "查看记录", "Looks"),
    ("time_entry", "时间银行流水", "Time entries"),
    ("plan_change", "排班变动", "Changes of plans"),
    ("erasure", "删除申请", "Requests to erase"),
];
