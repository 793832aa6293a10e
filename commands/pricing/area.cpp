// The commands on price lists, instalments and rounding: what they decide, and how the engine gets
// at it. All are local.
#include <algorithm>

#include "commands/areas.hpp"
#include "commands/engine/handler.hpp"
#include "commands/engine/load.hpp"
#include "commands/json.hpp"
#include "commands/pricing/pricing.hpp"
#include "commands/time_in.hpp"
#include "core/overloaded.hpp"
#include "core/uuid.hpp"

namespace vitrine::commands {
namespace {

/// Every entry is of a product that is there, and of each product and quantity there is one.
void check_entries(
    const std::vector<events::ListedPrice>& entries,
    const UnknownProducts& unknown,
    std::vector<Fault>& faults
) {
    std::set<std::pair<ProductId, std::int64_t>> seen;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto pointer = "/entries/" + std::to_string(i);
        const auto& entry = entries[i];
        if (unknown.contains(entry.product_id))
            faults.push_back(
                {pointer + "/product_id",
                 "unknown_product",
                 {"there is no such product", "este produto não existe"}}
            );
        if (!entry.product_id.view().empty() &&
            !seen.emplace(entry.product_id, entry.min_quantity).second)
            faults.push_back(
                {pointer,
                 "duplicate",
                 {"the product has a price from that quantity on already",
                  "o produto já tem um preço a partir dessa quantidade"}}
            );
    }
}

std::unexpected<Rejection> no_such_list() {
    return std::unexpected(Rejection{
        "not-found", {"There is no such price list.", "Não existe esta lista de preços."}, {}
    });
}

}  // namespace

PriceListDecision decide(
    const SetPriceList& command, const PriceListState& state, const UnknownProducts& unknown
) {
    std::vector<Fault> faults;
    events::PriceListSet set;
    set.name = state.name;
    set.currency = command.currency;
    set.priority = command.priority;
    set.valid_from = time_in(command.valid_from, "/valid_from", faults);
    set.valid_to = time_in(command.valid_to, "/valid_to", faults);
    if (set.valid_from && set.valid_to && *set.valid_to <= *set.valid_from)
        faults.push_back(
            {"/valid_to", "not_after", {"must be after valid_from", "deve ser depois de valid_from"}
            }
        );
    set.segment = command.segment;
    check_entries(command.entries, unknown, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    set.entries = command.entries;
    if (state.set == set) return PriceListEvents{};
    return PriceListEvents{std::move(set)};
}

PriceListDecision decide(const DeletePriceList& command, const PriceListState& state) {
    if (!state.set) return no_such_list();
    return PriceListEvents{events::PriceListDeleted{state.name, command.reason}};
}

PriceListState evolve(PriceListState state, const events::PriceListEvent& event) {
    std::visit(
        overloaded{
            [&](const events::PriceListSet& e) {
                state.name = e.name;
                state.set = e;
            },
            [&](const events::PriceListDeleted&) { state.set.reset(); },
        },
        event
    );
    ++state.version;
    return state;
}

PricingDecision decide(const events::InstallmentsSet& wanted, const PricingState& state) {
    if (wanted.interest_free > wanted.max)
        return std::unexpected(invalid(
            {{"/interest_free",
              "above_max",
              phrase("must be at most max, {}", "deve ser no máximo max, {}", wanted.max)}}
        ));
    if (state.installments == wanted) return PricingEvents{};
    return PricingEvents{wanted};
}

PricingDecision decide(const events::RoundingSet& wanted, const PricingState& state) {
    if (state.rounding == wanted) return PricingEvents{};
    return PricingEvents{wanted};
}

PricingState evolve(PricingState state, const events::PricingEvent& event) {
    std::visit(
        overloaded{
            [&](const events::InstallmentsSet& e) { state.installments = e; },
            [&](const events::RoundingSet& e) { state.rounding = e; },
        },
        event
    );
    ++state.version;
    return state;
}

namespace {

constexpr std::size_t longest_name = 64;

bool is_name_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool is_list_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name && text[0] != '-' && text[0] != '_' &&
           text[0] != '.' && std::ranges::all_of(text, is_name_letter);
}

constexpr Entity price_list_entity{
    .name = "pricelist",
    .collection = "/v1/price-lists",
    .this_one = {"price list", "esta lista de preços"},
    .is_id = is_list_name
};

/// There is one of each for a tenant, so that no path names it.
constexpr Entity installments_entity{
    .name = "pricing",
    .collection = "/v1",
    .this_one = {"setting", "esta configuração"},
    .is_id = [](std::string_view) { return true; },
    .as_id = [](std::string_view) { return std::string("installments"); }
};
constexpr Entity rounding_entity{
    .name = "pricing",
    .collection = "/v1",
    .this_one = {"setting", "esta configuração"},
    .is_id = [](std::string_view) { return true; },
    .as_id = [](std::string_view) { return std::string("rounding"); }
};

template <class State, class Event>
State load_stream(const Preparation& from, State state) {
    const StreamName stream(std::string(from.definition.entity.name) + "-" + from.entity_id);
    for_each_event(
        from.store,
        from.tenant,
        stream,
        1,
        [&state](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<Event>(recorded))
                state = evolve(std::move(state), *event);
        }
    );
    return state;
}

PriceListState load_list(const Preparation& from) {
    PriceListState state;
    state.name = from.entity_id;
    return load_stream<PriceListState, events::PriceListEvent>(from, std::move(state));
}

std::vector<events::ListedPrice> entries_member(const Json& body) {
    std::vector<events::ListedPrice> entries;
    const auto found = body.find("entries");
    if (found == body.end() || !found->is_array()) return entries;
    for (const auto& each : *found) {
        if (!each.is_object()) {
            entries.emplace_back();
            continue;
        }
        entries.push_back(
            {ProductId(text_member(each, "product_id").value_or("")),
             integer_member(each, "min_quantity").value_or(1),
             integer_member(each, "price_cents").value_or(0)}
        );
    }
    return entries;
}

struct SetPriceListHandling {
    struct Known {
        PriceListState list;
        UnknownProducts unknown;
    };

    static SetPriceList parse(const Preparation& from) {
        return {
            .currency = text_member(from.body, "currency").value_or(""),
            .priority = integer_member(from.body, "priority").value_or(0),
            .valid_from = text_member(from.body, "valid_from"),
            .valid_to = text_member(from.body, "valid_to"),
            .segment = text_member(from.body, "segment"),
            .entries = entries_member(from.body),
        };
    }

    static Known load(const Preparation& from, const SetPriceList& command) {
        Known known{load_list(from), {}};
        std::set<ProductId> asked;
        for (const auto& entry : command.entries) {
            const auto& id = entry.product_id;
            if (!asked.insert(id).second) continue;
            if (!is_uuid(id.view()) ||
                from.store.stream_version(from.tenant, events::stream_of(id)) == 0)
                known.unknown.insert(id);
        }
        return known;
    }

    static PriceListDecision
    decide(const SetPriceList& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.list, known.unknown);
    }

    static JsonText answer(const SetPriceList&, const Known&, const Preparation&) {
        return status_answer("active");
    }
};

struct DeletePriceListHandling {
    static DeletePriceList parse(const Preparation& from) {
        return {text_member(from.body, "reason")};
    }
    static PriceListState load(const Preparation& from, const DeletePriceList&) {
        return load_list(from);
    }
    static PriceListDecision
    decide(const DeletePriceList& command, const PriceListState& state, const Preparation&) {
        return commands::decide(command, state);
    }
    static JsonText answer(const DeletePriceList&, const PriceListState&, const Preparation&) {
        return status_answer("deleted");
    }
};

/// What both settings do once their body is read.
template <class Wanted>
struct SettingHandling {
    static PricingState load(const Preparation& from, const Wanted&) {
        return load_stream<PricingState, events::PricingEvent>(from, {});
    }
    static PricingDecision
    decide(const Wanted& wanted, const PricingState& state, const Preparation&) {
        return commands::decide(wanted, state);
    }
    static JsonText answer(const Wanted&, const PricingState&, const Preparation&) {
        return status_answer("set");
    }
};

struct SetInstallmentsHandling : SettingHandling<events::InstallmentsSet> {
    static events::InstallmentsSet parse(const Preparation& from) {
        return {
            .max = integer_member(from.body, "max").value_or(1),
            .interest_free = integer_member(from.body, "interest_free").value_or(1),
            .monthly_rate_ppm = integer_member(from.body, "monthly_rate_ppm").value_or(0),
            .min_installment_cents = integer_member(from.body, "min_installment_cents").value_or(0)
        };
    }
};

struct SetRoundingHandling : SettingHandling<events::RoundingSet> {
    static events::RoundingSet parse(const Preparation& from) {
        return {text_member(from.body, "rounding").value_or("")};
    }
};

}  // namespace

std::span<const Definition> pricing_commands() {
    static const Definition table[] = {
        {.name = "SetPriceList",
         .method = "PUT",
         .route = "/v1/price-lists/{name}",
         .entity = price_list_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "set_price_list.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<SetPriceListHandling>,
         .problems = {"not-found"}},
        {.name = "DeletePriceList",
         .method = "DELETE",
         .route = "/v1/price-lists/{name}",
         .entity = price_list_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "delete_price_list.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<DeletePriceListHandling>},
        {.name = "SetInstallments",
         .method = "PUT",
         .route = "/v1/installments",
         .entity = installments_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "set_installments.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<SetInstallmentsHandling>},
        {.name = "SetRounding",
         .method = "PUT",
         .route = "/v1/rounding",
         .entity = rounding_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "set_rounding.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<SetRoundingHandling>},
    };
    return table;
}

}  // namespace vitrine::commands
