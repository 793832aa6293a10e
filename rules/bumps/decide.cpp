#include "rules/bumps/decide.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/json_append.hpp"
#include "core/line_amounts.hpp"

namespace vitrine::rules::bumps {
namespace {

constexpr std::chrono::hours one_day{24};

JsonText json_of(std::int64_t number) {
    return JsonText(std::to_string(number));
}
JsonText json_of(bool value) {
    return JsonText(value ? "true" : "false");
}
JsonText json_of(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return JsonText(std::move(out));
}
JsonText json_of(const ProductId& id) {
    return json_of(id.view());
}
template <class T>
JsonText json_of(const std::vector<T>& values) {
    std::string out = "[";
    for (const auto& each : values) {
        if (out.size() > 1) out += ',';
        out += json_of(each).text;
    }
    return JsonText(out + ']');
}
template <class T>
JsonText json_of(const std::optional<T>& value) {
    return value ? json_of(*value) : JsonText("null");
}

template <class T>
bool has(const std::vector<T>& all, const T& one) {
    return std::ranges::find(all, one) != all.end();
}

std::int64_t seconds_between(Timestamp from, Timestamp to) {
    return std::chrono::floor<std::chrono::seconds>(to - from).count();
}

/// The conditions of one bump, one after the other.
class Judging {
public:
    Judging(
        const events::Bump& bump,
        const BumpFacts& facts,
        const Rulebook& rulebook,
        const Inputs& inputs,
        const Moment& moment,
        Explain explain
    )
        : bump_(bump),
          facts_(facts),
          rulebook_(rulebook),
          inputs_(inputs),
          moment_(moment),
          explain_(explain) {}

    Decision decide() {
        decided_.rule = &bump_;
        decided_.show = sellable() && cart() && buyer() && seldom() && in_time();
        if (explain_ == Explain::yes)
            decided_.show = std::ranges::all_of(decided_.reasons, &Reason::pass);
        price();
        note_next_change();
        return std::move(decided_);
    }

private:
    /// False: there is nothing more to look at.
    template <class Expected, class Actual>
    bool holds(
        const char* rule, const char* op, bool pass, const Expected& expected, const Actual& actual
    ) {
        if (!pass) timeless_ = false;
        return note(rule, op, pass, expected, actual);
    }

    template <class Expected, class Actual>
    bool note(
        const char* rule, const char* op, bool pass, const Expected& expected, const Actual& actual
    ) {
        if (explain_ == Explain::yes || !pass)
            decided_.reasons.push_back(
                {rule, rulebook_.revision, op, json_of(expected), json_of(actual), pass}
            );
        return pass || explain_ == Explain::yes;
    }

    bool sellable() {
        const auto& cart = inputs_.cart;
        const bool is_there =
            has(cart.products, bump_.product_id) || has(cart.bumps, bump_.product_id);
        return holds("offer_active", "is", inputs_.offer_active, true, inputs_.offer_active) &&
               holds("product_sold", "is", facts_.sold, true, facts_.sold) &&
               holds(
                   "currency",
                   "is",
                   facts_.unit_cents.has_value(),
                   true,
                   facts_.unit_cents.has_value()
               ) &&
               holds("not_in_cart", "is", !is_there, true, !is_there) &&
               holds(
                   "in_stock",
                   "at_least",
                   !facts_.available || *facts_.available >= 1,
                   std::int64_t{1},
                   facts_.available
               );
    }

    bool cart() {
        const auto& rules = bump_.display_rules;
        const auto value = inputs_.cart.value_cents;
        if (!holds(
                "cart_value_min",
                "at_least",
                value >= rules.cart_value_min,
                rules.cart_value_min,
                value
            ))
            return false;
        if (rules.cart_value_max && !holds(
                                        "cart_value_max",
                                        "at_most",
                                        value <= *rules.cart_value_max,
                                        *rules.cart_value_max,
                                        value
                                    ))
            return false;
        return rules.required_products.empty() || required();
    }

    bool required() {
        const auto& wanted = bump_.display_rules.required_products;
        const auto is_there = [this](const ProductId& id) {
            return has(inputs_.cart.products, id);
        };
        const auto& match = bump_.display_rules.match;
        const bool any = std::ranges::any_of(wanted, is_there);
        const bool pass = match == "any"    ? any
                          : match == "none" ? !any
                                            : std::ranges::all_of(wanted, is_there);
        const char* op = match == "any" ? "any_of" : match == "none" ? "none_of" : "all_of";
        return holds("required_products", op, pass, wanted, inputs_.cart.products);
    }

    bool any_of(
        const char* rule,
        const std::vector<std::string>& wanted,
        const std::optional<std::string>& actual
    ) {
        return wanted.empty() ||
               holds(rule, "any_of", actual && has(wanted, *actual), wanted, actual);
    }

    bool buyer() {
        const auto& rules = bump_.display_rules;
        const auto& wanted = rules.customer_segments;
        const bool is_of = std::ranges::any_of(inputs_.segments, [&](const std::string& segment) {
            return has(wanted, segment);
        });
        return (wanted.empty() ||
                holds("customer_segments", "any_of", is_of, wanted, inputs_.segments)) &&
               any_of("device_types", rules.device_types, inputs_.device) &&
               any_of("regions", rules.regions, inputs_.region) &&
               (!rules.page_seconds_min ||
                holds(
                    "page_seconds_min",
                    "at_least",
                    inputs_.page_seconds.value_or(0) >= *rules.page_seconds_min,
                    *rules.page_seconds_min,
                    inputs_.page_seconds.value_or(0)
                ));
    }

    bool seldom() {
        const auto& limits = bump_.limits;
        const auto& shown = facts_.displays;
        return (!limits.per_session || holds(
                                           "limits.per_session",
                                           "less_than",
                                           shown.in_session < *limits.per_session,
                                           *limits.per_session,
                                           shown.in_session
                                       )) &&
               (!limits.per_user || holds(
                                        "limits.per_user",
                                        "less_than",
                                        shown.to_user < *limits.per_user,
                                        *limits.per_user,
                                        shown.to_user
                                    ));
    }

    // ---- What time alone changes ---------------------------------------------------------------

    Timestamp after(std::int64_t seconds) const {
        return moment_.opened_at + std::chrono::seconds(seconds);
    }

    /// From then on fewer were shown within a day than may be; absent: nothing is in the way.
    std::optional<Timestamp> day_ends() const {
        const auto& limit = bump_.limits.per_day;
        if (!limit || facts_.displays.in_day < *limit || !facts_.displays.oldest_in_day)
            return std::nullopt;
        return *facts_.displays.oldest_in_day + one_day;
    }

    std::optional<Timestamp> gap_ends() const {
        const auto& gap = bump_.limits.min_gap_seconds;
        if (!gap || !facts_.displays.last) return std::nullopt;
        return *facts_.displays.last + std::chrono::seconds(*gap);
    }

    std::optional<Timestamp> hides_at() const {
        const auto& window = bump_.display_rules.time_based;
        if (!window.hide_after_seconds) return std::nullopt;
        return after(*window.hide_after_seconds);
    }

    Timestamp shows_at() const { return after(bump_.display_rules.time_based.show_after_seconds); }

    bool in_time_at(Timestamp when) const {
        const auto day = day_ends(), gap = gap_ends(), hides = hides_at();
        return (!day || *day <= when) && (!gap || *gap <= when) && shows_at() <= when &&
               (!hides || when < *hides);
    }

    bool in_time() {
        const auto now = moment_.now;
        const auto& limits = bump_.limits;
        const auto& window = bump_.display_rules.time_based;
        const auto elapsed = seconds_between(moment_.opened_at, now);
        if (limits.per_day && !note(
                                  "limits.per_day",
                                  "less_than",
                                  !day_ends() || *day_ends() <= now,
                                  *limits.per_day,
                                  facts_.displays.in_day
                              ))
            return false;
        if (const auto gap = gap_ends(); gap && !note(
                                                    "limits.min_gap_seconds",
                                                    "at_least",
                                                    *gap <= now,
                                                    *limits.min_gap_seconds,
                                                    seconds_between(*facts_.displays.last, now)
                                                ))
            return false;
        if (!note(
                "show_after_seconds",
                "at_least",
                shows_at() <= now,
                window.show_after_seconds,
                elapsed
            ))
            return false;
        return !window.hide_after_seconds || note(
                                                 "hide_after_seconds",
                                                 "less_than",
                                                 now < *hides_at(),
                                                 *window.hide_after_seconds,
                                                 elapsed
                                             );
    }

    void note_next_change() {
        if (!timeless_) return;
        const auto now = moment_.now;
        std::optional<Timestamp> next;
        const auto consider = [&](const std::optional<Timestamp>& when) {
            if (when && *when > now && (!next || *when < *next)) next = when;
        };
        const bool is_so = in_time_at(now);
        for (const auto& each : {day_ends(), gap_ends(), std::optional(shows_at()), hides_at()}) {
            if (each && in_time_at(*each) != is_so) consider(each);
        }
        if (decided_.show) consider(decided_.discount_ends_at);
        decided_.next_change_at = next;
    }

    // ---- What it costs
    // ---------------------------------------------------------------------------

    void price() {
        decided_.full_cents = decided_.price_cents = facts_.unit_cents;
        if (!facts_.unit_cents) return;
        const auto& pricing = bump_.pricing;
        if (pricing.time_limited && pricing.urgency_timer && facts_.first_displayed)
            decided_.discount_ends_at =
                *facts_.first_displayed + std::chrono::seconds(*pricing.urgency_timer);
        if (decided_.discount_ends_at && *decided_.discount_ends_at <= moment_.now) return;
        const auto rounding =
            prices::rounding_named(inputs_.rounding).value_or(Rounding::half_away);
        const auto amounts = line_amounts(
            *facts_.unit_cents, 1, pricing.discount_type, pricing.discount_value.text, rounding
        );
        if (amounts) decided_.price_cents = amounts->total;
    }

    const events::Bump& bump_;
    const BumpFacts& facts_;
    const Rulebook& rulebook_;
    const Inputs& inputs_;
    const Moment& moment_;
    Explain explain_;
    bool timeless_ = true;  // all holds that time does not change
    Decision decided_;
};

std::ptrdiff_t place_of(const events::Bump& bump) {
    return std::ranges::find(positions, bump.design.position) - std::begin(positions);
}

}  // namespace

std::vector<Decision> decide(
    const Rulebook& rulebook, const Inputs& inputs, const Moment& moment, Explain explain
) {
    static const BumpFacts nothing;
    struct Judged {
        const BumpFacts* facts;
        Decision decision;
    };
    std::vector<Judged> judged;
    judged.reserve(rulebook.bumps.size());
    for (const auto& bump : rulebook.bumps) {
        const auto found = std::ranges::find(inputs.bumps, bump.bump, &BumpFacts::bump);
        const auto& facts = found == inputs.bumps.end() ? nothing : *found;
        judged.push_back({&facts, Judging(bump, facts, rulebook, inputs, moment, explain).decide()}
        );
    }
    std::ranges::sort(judged, {}, [](const Judged& each) {
        const auto& bump = *each.decision.rule;
        return std::make_tuple(
            place_of(bump), -bump.priority, -each.facts->expected_cents, std::string_view(bump.bump)
        );
    });
    std::vector<Decision> decisions;
    decisions.reserve(judged.size());
    std::int64_t shown = 0;
    for (auto& [facts, decision] : judged) {
        if (decision.show) ++shown;
        const bool pass = !decision.show || shown <= rulebook.max_bumps;
        if (decision.show && (!pass || explain == Explain::yes))
            decision.reasons.push_back(
                {"max_bumps",
                 rulebook.revision,
                 "at_most",
                 json_of(rulebook.max_bumps),
                 json_of(shown),
                 pass}
            );
        decision.show = decision.show && pass;
        decisions.push_back(std::move(decision));
    }
    return decisions;
}

void check(const events::Bump& bump, const std::string& at, std::vector<Fault>& faults) {
    const auto& rules = bump.display_rules;
    if (rules.cart_value_max && *rules.cart_value_max < rules.cart_value_min)
        faults.push_back(
            {at + "/display_rules/cart_value_max",
             "below_min",
             phrase(
                 "must be at least cart_value_min, {}",
                 "deve ser no mínimo cart_value_min, {}",
                 rules.cart_value_min
             )}
        );
    const auto& window = rules.time_based;
    if (window.hide_after_seconds && *window.hide_after_seconds <= window.show_after_seconds)
        faults.push_back(
            {at + "/display_rules/time_based/hide_after_seconds",
             "not_after",
             phrase(
                 "must be more than show_after_seconds, {}",
                 "deve ser mais que show_after_seconds, {}",
                 window.show_after_seconds
             )}
        );
    if (has(rules.required_products, bump.product_id) && rules.match != "none")
        faults.push_back(
            {at + "/display_rules/required_products",
             "own_product",
             {"a cart that has the bump's own product is never offered it",
              "a um carrinho que tem o próprio produto do bump ele nunca é oferecido"}}
        );
    if (bump.pricing.time_limited && !bump.pricing.urgency_timer)
        faults.push_back(
            {at + "/pricing/urgency_timer",
             "required_by_time_limited",
             {"is required when time_limited", "é obrigatório com time_limited"}}
        );
}

}  // namespace vitrine::rules::bumps
