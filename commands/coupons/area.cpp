// The commands on coupons: what they decide, and how the engine gets at it. All are local.
#include <algorithm>

#include "commands/areas.hpp"
#include "commands/coupons/coupon.hpp"
#include "commands/engine/handler.hpp"
#include "commands/engine/load.hpp"
#include "commands/json.hpp"
#include "commands/offers/input.hpp"
#include "commands/time_in.hpp"
#include "core/decimal.hpp"
#include "core/overloaded.hpp"
#include "core/text.hpp"
#include "core/uuid.hpp"

namespace vitrine::commands {

events::CouponId coupon_id_of(std::string_view code) {
    return events::CouponId(fold(code));
}

namespace {

/// Digits behind the point.
std::int64_t decimals_of(const Decimal& number) {
    return static_cast<std::int64_t>(number.digits.size()) - number.exponent;
}

void check_discount(const CreateCoupon& command, std::vector<Fault>& faults) {
    if (!command.discount || command.discount->type != "percentage") return;
    const auto& text = command.discount->value.text;
    if (!text.empty() && decimals_of(parse_decimal(text)) > 2)
        faults.push_back(
            {"/discount/value",
             "too_precise",
             {"a percentage has at most two decimals",
              "uma porcentagem tem no máximo duas casas decimais"}}
        );
}

/// Every id is of something that is there, and stands once.
void check_ids(
    const std::vector<std::string>& ids,
    const std::vector<std::string>& unknown,
    const std::string& member,
    const Fault& no_such,
    std::vector<Fault>& faults
) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto pointer = '/' + member + '/' + std::to_string(i);
        const auto here = ids.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::ranges::find(unknown, ids[i]) != unknown.end()) {
            faults.push_back({pointer, no_such.code, no_such.detail});
        } else if (std::find(ids.begin(), here, ids[i]) != here) {
            faults.push_back({pointer, "duplicate", {"stands here already", "já está nesta lista"}}
            );
        }
    }
}

}  // namespace

CouponDecision decide(
    const CreateCoupon& command, const CouponState& state, const UnknownIds& unknown
) {
    std::vector<Fault> faults;
    check_discount(command, faults);
    events::CouponCreated created;
    created.valid_from = time_in(command.valid_from, "/valid_from", faults);
    created.valid_to = time_in(command.valid_to, "/valid_to", faults);
    if (created.valid_from && created.valid_to && *created.valid_to <= *created.valid_from)
        faults.push_back(
            {"/valid_to", "not_after", {"must be after valid_from", "deve ser depois de valid_from"}
            }
        );
    check_ids(
        command.offers,
        unknown.offers,
        "offers",
        {"", "unknown_offer", {"there is no such offer", "esta oferta não existe"}},
        faults
    );
    check_ids(
        command.products,
        unknown.products,
        "products",
        {"", "unknown_product", {"there is no such product", "este produto não existe"}},
        faults
    );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    created.coupon_id = state.id;
    created.code = command.code;
    created.discount = command.discount.value_or(events::Discount());
    created.min_cart_cents = command.min_cart_cents;
    created.max_uses = command.max_uses;
    created.max_uses_per_customer = command.max_uses_per_customer;
    for (const auto& id : command.offers) created.offers.emplace_back(id);
    for (const auto& id : command.products) created.products.emplace_back(id);
    created.exclusive_group = command.exclusive_group;
    return CouponEvents{std::move(created)};
}

CouponDecision decide(const DisableCoupon& command, const CouponState& state) {
    if (state.disabled)
        return std::unexpected(Rejection{
            "illegal-transition",
            {"The coupon is disabled already.", "O cupom já está desativado."},
            {}
        });
    return CouponEvents{events::CouponDisabled{state.id, command.reason}};
}

namespace {

void give_back(CouponState& state, const std::string& reference) {
    const auto use = state.uses.find(reference);
    if (use == state.uses.end()) return;
    if (use->second.customer_id) --state.uses_of_customers[*use->second.customer_id];
    state.uses.erase(use);
}

}  // namespace

CouponState evolve(CouponState state, const events::CouponEvent& event) {
    std::visit(
        overloaded{
            [&](const events::CouponCreated& e) {
                state.id = e.coupon_id;
                state.code = e.code;
                state.max_uses = e.max_uses;
                state.max_uses_per_customer = e.max_uses_per_customer;
                state.valid_from = e.valid_from;
                state.valid_to = e.valid_to;
            },
            [&](const events::CouponDisabled&) { state.disabled = true; },
            [&](const events::CouponLocked& e) {
                state.uses[e.reference] = {e.customer_id, false};
                if (e.customer_id) ++state.uses_of_customers[*e.customer_id];
            },
            [&](const events::CouponRedeemed& e) { state.uses[e.reference].redeemed = true; },
            [&](const events::CouponReleased& e) { give_back(state, e.reference); },
            [&](const events::CouponRestored& e) { give_back(state, e.reference); },
        },
        event
    );
    ++state.version;
    return state;
}

namespace {

constexpr std::size_t longest_code = 50;

bool is_code_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

/// Its form is that of create_coupon.schema.json.
bool is_coupon_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_code && text[0] != '-' && text[0] != '_' &&
           std::ranges::all_of(text, is_code_letter);
}

CouponState load_coupon(
    store::EventStore& store, const TenantId& tenant, const events::CouponId& id
) {
    CouponState state;
    for_each_event(
        store,
        tenant,
        StreamName("coupon-" + id.str()),
        1,
        [&state](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::CouponEvent>(recorded))
                state = evolve(std::move(state), *event);
        }
    );
    return state;
}

namespace {

constexpr Entity coupon_entity{
    .name = "coupon",
    .collection = "/v1/coupons",
    .this_one = {"coupon", "este cupom"},
    .is_id = is_coupon_id,
    .as_id = [](std::string_view text) { return coupon_id_of(text).str(); }
};

constexpr ProblemType coupon_taken{
    "coupon-taken",
    {409},
    {"The code belongs to another coupon", "O código pertence a outro cupom"},
    {"Choose another code: upper and lower case do not differ, and a disabled coupon keeps its "
     "code.",
     "Escolha outro código: maiúsculas e minúsculas não diferem, e um cupom desativado fica com o "
     "seu código."}
};

constexpr ClaimKind code_kind{
    .name = "coupon",
    .noun = {"code", "código"},
    .problem = coupon_taken.name,
    .owner = {"another coupon", "outro cupom"},
    .type = &coupon_taken
};

std::string id_in(const Json& body) {
    return coupon_id_of(text_member(body, "code").value_or("")).str();
}

/// Texts of a list; "" for what is none.
std::vector<std::string> texts_member(const Json& body, const char* name) {
    std::vector<std::string> texts;
    const auto found = body.find(name);
    if (found == body.end() || !found->is_array()) return texts;
    for (const auto& each : *found)
        texts.push_back(each.is_string() ? each.get<std::string>() : std::string());
    return texts;
}

template <class Id>
std::vector<std::string> unknown_in(const std::vector<std::string>& ids, const Preparation& from) {
    std::vector<std::string> unknown;
    for (const auto& id : ids) {
        if (!is_uuid(id) || from.store.stream_version(from.tenant, events::stream_of(Id(id))) == 0)
            unknown.push_back(id);
    }
    return unknown;
}

JsonText answer_of(std::string_view code, std::string_view status) {
    Json json;
    json["code"] = code;
    json["status"] = status;
    return JsonText(json.dump());
}

struct CreateCouponHandling {
    static std::string id_in(const Json& body) { return commands::id_in(body); }

    static Claims claims(const ClaimRequest& request) {
        return {{std::string(code_kind.name), commands::id_in(request.body)}};
    }

    static CreateCoupon parse(const Preparation& from) {
        return {
            .code = text_member(from.body, "code").value_or(""),
            .discount = discount_member(from.body),
            .min_cart_cents = integer_member(from.body, "min_cart_cents"),
            .max_uses = integer_member(from.body, "max_uses"),
            .max_uses_per_customer = integer_member(from.body, "max_uses_per_customer"),
            .valid_from = text_member(from.body, "valid_from"),
            .valid_to = text_member(from.body, "valid_to"),
            .offers = texts_member(from.body, "offers"),
            .products = texts_member(from.body, "products"),
            .exclusive_group = text_member(from.body, "exclusive_group"),
        };
    }

    static UnknownIds load(const Preparation& from, const CreateCoupon& command) {
        UnknownIds unknown;
        unknown.offers = unknown_in<OfferId>(command.offers, from);
        unknown.products = unknown_in<ProductId>(command.products, from);
        return unknown;
    }

    static CouponDecision decide(
        const CreateCoupon& command, const UnknownIds& unknown, const Preparation& from
    ) {
        CouponState state;
        state.id = events::CouponId(from.entity_id);
        return commands::decide(command, state, unknown);
    }

    static JsonText answer(const CreateCoupon& command, const UnknownIds&, const Preparation&) {
        return answer_of(command.code, "active");
    }
};

struct DisableCouponHandling {
    static DisableCoupon parse(const Preparation& from) {
        return {text_member(from.body, "reason")};
    }

    static CouponState load(const Preparation& from, const DisableCoupon&) {
        return load_coupon(from.store, from.tenant, events::CouponId(from.entity_id));
    }

    static CouponDecision
    decide(const DisableCoupon& command, const CouponState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText answer(const DisableCoupon&, const CouponState& state, const Preparation&) {
        return answer_of(state.code, "disabled");
    }
};

}  // namespace

std::span<const Definition> coupon_commands() {
    static const Definition table[] = {
        {.name = "CreateCoupon",
         .method = "POST",
         .route = "/v1/coupons",
         .entity = coupon_entity,
         .creates = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "create_coupon.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<CreateCouponHandling>,
         .claims = &code_kind},
        {.name = "DisableCoupon",
         .method = "POST",
         .route = "/v1/coupons/{code}/disable",
         .entity = coupon_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "disable_coupon.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<DisableCouponHandling>},
    };
    return table;
}

}  // namespace vitrine::commands
