// What checkouts do with the uses of coupons: what is decided, and how the engine gets at it. All
// are local, and run by processes alone. What must never be exceeded is decided here, on the
// stream.
#include "commands/areas.hpp"
#include "commands/coupons/coupon.hpp"
#include "commands/engine/several.hpp"
#include "commands/json.hpp"

namespace vitrine::commands {

template <>
struct Evolving<events::CouponEvent> {
    using State = CouponState;
    static State evolve(State state, const events::CouponEvent& event) {
        return commands::evolve(std::move(state), event);
    }
};

namespace {

std::unexpected<Rejection> unavailable(Phrase why) {
    return std::unexpected(Rejection{"coupon-unavailable", std::move(why), {}});
}

const CouponState::Use* use_of(const CouponState& state, const std::string& reference) {
    const auto found = state.uses.find(reference);
    return found == state.uses.end() ? nullptr : &found->second;
}

std::unexpected<Rejection> not_held() {
    return std::unexpected(Rejection{
        "illegal-transition",
        {"No use of the coupon is held for it.", "Nenhum uso do cupom está reservado para isto."},
        {}
    });
}

std::int64_t uses_of(const CouponState& state, const std::string& customer) {
    const auto found = state.uses_of_customers.find(customer);
    return found == state.uses_of_customers.end() ? 0 : found->second;
}

}  // namespace

CouponDecision decide(const LockCoupon& command, const CouponState& state, Timestamp now) {
    if (use_of(state, command.reference) != nullptr) return CouponEvents{};
    if (state.max_uses_per_customer && !command.customer_id)
        return std::unexpected(invalid(
            {{"/customer_id",
              "required_by_limit",
              {"is required: each customer has so many uses of the coupon",
               "é obrigatório: cada cliente tem certo número de usos do cupom"}}}
        ));
    if (state.disabled) return unavailable({"The coupon is disabled.", "O cupom está desativado."});
    if (state.valid_from && now < *state.valid_from)
        return unavailable({"The coupon is not valid yet.", "O cupom ainda não vale."});
    if (state.valid_to && now >= *state.valid_to)
        return unavailable({"The coupon is valid no more.", "O cupom não vale mais."});
    if (state.max_uses && static_cast<std::int64_t>(state.uses.size()) >= *state.max_uses)
        return unavailable(
            {"All uses of the coupon are held or used.",
             "Todos os usos do cupom estão reservados ou gastos."}
        );
    if (state.max_uses_per_customer &&
        uses_of(state, *command.customer_id) >= *state.max_uses_per_customer)
        return unavailable(
            {"The customer has had all uses of the coupon that one may have.",
             "O cliente já teve todos os usos do cupom a que tem direito."}
        );
    return CouponEvents{events::CouponLocked{state.id, command.reference, command.customer_id}};
}

CouponDecision decide(const RedeemCoupon& command, const CouponState& state) {
    const auto* use = use_of(state, command.reference);
    if (use == nullptr) return not_held();
    if (use->redeemed) return CouponEvents{};
    return CouponEvents{events::CouponRedeemed{state.id, command.reference, use->customer_id}};
}

CouponDecision decide(const ReleaseCoupon& command, const CouponState& state) {
    const auto* use = use_of(state, command.reference);
    if (use == nullptr) return CouponEvents{};
    if (use->redeemed)
        return std::unexpected(Rejection{
            "illegal-transition",
            {"The use is used; it can only be given back.",
             "O uso já foi gasto; só pode ser devolvido."},
            {}
        });
    return CouponEvents{events::CouponReleased{state.id, command.reference, use->customer_id}};
}

CouponDecision decide(const RestoreCoupon& command, const CouponState& state) {
    const auto* use = use_of(state, command.reference);
    if (use == nullptr) return CouponEvents{};
    if (!use->redeemed)
        return std::unexpected(Rejection{
            "illegal-transition",
            {"The use is held, not used; it can be released.",
             "O uso está reservado, não gasto; pode ser liberado."},
            {}
        });
    return CouponEvents{events::CouponRestored{state.id, command.reference, use->customer_id}};
}

namespace {

constexpr Entity coupon_entity{
    .name = "coupon",
    .collection = "/v1/coupons",
    .this_one = {"coupon", "este cupom"},
    .is_id = is_coupon_id,
    .as_id = [](std::string_view text) { return coupon_id_of(text).str(); }
};

StreamName stream_of(const Preparation& from) {
    return StreamName("coupon-" + from.entity_id);
}

/// What all four do. They are of one stream, and decided together: a coupon that everybody wants is
/// folded once, and one append has all that is decided on it.
template <class Command>
struct UseHandling {
    using Own = events::CouponEvent;

    static Command parse(const Preparation& from) {
        Command command;
        command.reference = text_member(from.body, "reference").value_or("");
        if constexpr (requires { command.customer_id; })
            command.customer_id = text_member(from.body, "customer_id");
        return command;
    }
    static std::vector<Fault> faults(const Command&) { return {}; }
    static std::vector<StreamName> streams(const Command&) { return {}; }

    static const CouponState& load(States& states, const Preparation& from, const Command&) {
        return states.of<events::CouponEvent>(stream_of(from));
    }

    static std::expected<Changes<events::CouponEvent>, Rejection> decide(
        const Command& command, const CouponState& state, const Preparation& from
    ) {
        const auto decided = [&] {
            if constexpr (std::same_as<Command, LockCoupon>) {
                return commands::decide(command, state, from.now);
            } else {
                return commands::decide(command, state);
            }
        }();
        if (!decided) return std::unexpected(decided.error());
        Changes<events::CouponEvent> changes;
        for (const auto& event : *decided)
            changes.events.push_back(On<events::CouponEvent>{stream_of(from), event});
        return changes;
    }

    static JsonText answer(const Command& command, States& states, const Preparation& from) {
        const auto& state = states.of<events::CouponEvent>(stream_of(from));
        Json json;
        json["code"] = state.code;
        json["status"] = state.disabled ? "disabled" : "active";
        json["reference"] = command.reference;
        return JsonText(json.dump());
    }
};

}  // namespace

std::span<const Definition> coupon_use_commands() {
    static const Definition table[] = {
        {.name = "LockCoupon",
         .method = "POST",
         .route = {},
         .entity = coupon_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "lock_coupon.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<UseHandling<LockCoupon>>,
         .problems = {"coupon-unavailable"}},
        {.name = "RedeemCoupon",
         .method = "POST",
         .route = {},
         .entity = coupon_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "redeem_coupon.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<UseHandling<RedeemCoupon>>},
        {.name = "ReleaseCoupon",
         .method = "POST",
         .route = {},
         .entity = coupon_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "release_coupon.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<UseHandling<ReleaseCoupon>>},
        {.name = "RestoreCoupon",
         .method = "POST",
         .route = {},
         .entity = coupon_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "restore_coupon.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_on_several_by<UseHandling<RestoreCoupon>>},
    };
    return table;
}

}  // namespace vitrine::commands
