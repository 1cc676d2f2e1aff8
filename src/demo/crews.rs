//! Who works for whom, and what they can do.

use entity::words::Sex::{self, Female, Male};

/// A merchant and the skills of each of its workers.
pub(super) type Merchant = (&'static str, &'static [(Sex, &'static [&'static str])]);

/// Twelve merchants, some with two workers.
pub(super) const MERCHANTS: &[Merchant] = &[
    (
        "福临社区食堂",
        &[
            (Male, &["delivery", "meal_service"]),
            (Female, &["delivery", "meal_service"]),
            (Male, &["delivery"]),
        ],
    ),
    (
        "洁净家电服务",
        &[
            (Male, &["appliance_cleaning", "appliance_repair"]),
            (Male, &["appliance_cleaning"]),
        ],
    ),
    ("白云洗衣坊", &[(Female, &["laundry"])]),
    ("绿盾消杀", &[(Male, &["pest_control"])]),
    (
        "巧手理发修脚",
        &[
            (Female, &["hairdressing", "foot_care"]),
            (Male, &["foot_care", "hairdressing"]),
        ],
    ),
    (
        "康宁大药房",
        &[
            (Female, &["pharmacist", "equipment_lending"]),
            (Male, &["delivery"]),
        ],
    ),
    ("老街锁匠修鞋铺", &[(Male, &["locksmith", "cobbler"])]),
    (
        "汉江水电维修",
        &[(Male, &["plumbing_electric", "handyman", "renovation"])],
    ),
    ("仁和中医馆", &[(Female, &["tcm"]), (Male, &["tcm"])]),
    (
        "安居适老家装",
        &[(Male, &["handyman", "renovation", "device_install"])],
    ),
    (
        "滨湖体检中心",
        &[
            (Female, &["physician", "optometry"]),
            (Male, &["dental", "hearing_care"]),
        ],
    ),
    ("时光照相馆", &[(Male, &["photography"])]),
];

const CARE: &[&str] = &[
    "personal_care",
    "bathing_assist",
    "transfer_assist",
    "delivery",
    "laundry",
    "cleaning",
];
const ESCORT: &[&str] = &[
    "personal_care",
    "medical_escort",
    "wheelchair_push",
    "errand",
    "transfer_assist",
    "dementia_care",
];
const HOUSE: &[&str] = &["cleaning", "laundry", "cooking", "delivery"];
const NURSE: &[&str] = &["nursing", "basic_vitals"];

/// The 27 of the care company; the first is the one-tap entry.
pub(super) const STAFF: &[(Sex, &[&str])] = &[
    (
        Female,
        &[
            "personal_care",
            "bathing_assist",
            "transfer_assist",
            "delivery",
            "laundry",
            "cleaning",
            "cooking",
        ],
    ),
    (Female, CARE),
    (Female, CARE),
    (Female, CARE),
    (Male, CARE),
    (Male, CARE),
    (Female, ESCORT),
    (Female, ESCORT),
    (Male, ESCORT),
    (Female, HOUSE),
    (Female, HOUSE),
    (Female, HOUSE),
    (Male, HOUSE),
    (Female, &["cooking", "personal_care", "dementia_care"]),
    (Female, NURSE),
    (Female, NURSE),
    (Male, NURSE),
    (Female, &["physician"]),
    (Male, &["rehab_therapy", "fitness_coaching"]),
    (Female, &["rehab_therapy", "speech_therapy"]),
    (Female, &["counselling"]),
    (Female, &["dietitian", "pharmacist"]),
    (
        Female,
        &[
            "paperwork",
            "home_visit",
            "ability_assessment",
            "phone_visit",
            "legal",
        ],
    ),
    (
        Female,
        &[
            "event_host",
            "arts_teaching",
            "tour_guide",
            "gardening",
            "phone_visit",
        ],
    ),
    (
        Male,
        &[
            "driving",
            "equipment_lending",
            "emergency_response",
            "tour_guide",
            "errand",
        ],
    ),
    (
        Male,
        &[
            "handyman",
            "device_install",
            "home_assessment",
            "device_coaching",
        ],
    ),
    (
        Male,
        &[
            "emergency_response",
            "handyman",
            "hairdressing",
            "delivery",
            "home_visit",
        ],
    ),
];

/// Skills of volunteers and how many in a hundred have each.
pub(super) const VOLUNTEER_SKILLS: &[(&str, u32)] = &[
    ("companion", 70),
    ("phone_visit", 45),
    ("delivery", 55),
    ("errand", 45),
    ("tidying", 20),
    ("home_visit", 25),
    ("wheelchair_push", 18),
    ("device_coaching", 15),
    ("grooming", 12),
    ("hairdressing", 6),
    ("basic_vitals", 10),
    ("paperwork", 8),
    ("emergency_response", 6),
];

/// Rare skills of volunteers: how many have each.
pub(super) const RARE_SKILLS: &[(&str, usize)] = &[
    ("oral_history", 3),
    ("anti_fraud", 2),
    ("arts_teaching", 3),
    ("music_teaching", 4),
    ("fitness_coaching", 3),
    ("photography", 2),
    ("sharpening", 2),
    ("sewing", 3),
];
