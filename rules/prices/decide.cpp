#include <algorithm>
#include <chrono>

#include "core/line_amounts.hpp"
#include "rules/prices/coupons.hpp"
#include "rules/prices/quote.hpp"

namespace vitrine::rules::prices {
namespace {

/// As long as a quote holds when nothing that it is made of ends sooner.
constexpr std::chrono::minutes holds_for{15};

constexpr std::string_view given = "given";

/// What a method takes in one payment, in the currency that the platform has it for.
struct MethodLimits {
    std::string_view method;
    std::int64_t least_cents, most_cents;
    bool only_in_brl;
    bool in_instalments;
};
constexpr std::string_view brl = "BRL";
constexpr MethodLimits methods[] = {
    {"credit_card", 2'00, 50'000'00, false, true},
    {"pix", 1'00, 100'000'00, true, false},
    {"boleto", 5'00, 500'000'00, true, false},
};

std::string at_item(std::size_t i, std::string_view member) {
    return "/items/" + std::to_string(i) + '/' + std::string(member);
}

Fault too_large(std::string pointer) {
    return {
        std::move(pointer),
        "too_large",
        {"comes to more than can be counted", "chega a mais do que se pode contar"}
    };
}

std::optional<std::int64_t> narrow(Wide cents) {
    return round_div(cents, 1, Rounding::half_away);
}

/// A line of the offer that is wanted, how often, and where the question says so.
struct Wanted {
    std::size_t line = 0;
    std::int64_t quantity = 1;
    std::string at;  // pointer
};

class Deciding {
public:
    Deciding(const Question& question, const Rules& rules) : question_(question), rules_(rules) {}

    Decision decide() {
        check_offer();
        const bool has_offer = rules_.offer != nullptr;
        if (has_offer) find_wanted();
        if (has_offer) price_lines();
        for (const auto& bump : question_.bumps) add_bump(bump);
        check_coupons(has_offer && faults_.empty());
        if (has_offer) check_method();
        if (!faults_.empty()) return std::unexpected(std::move(faults_));
        take_off_coupons();
        if (faults_.empty()) sum();
        if (!faults_.empty()) return std::unexpected(std::move(faults_));
        return std::move(quote_);
    }

private:
    Rounding rounding() const { return rules_.rounding.rounding; }

    void fault(std::string pointer, std::string code, Phrase detail) {
        faults_.push_back({std::move(pointer), std::move(code), std::move(detail)});
    }

    /// The quote holds no longer than what it is made of.
    void ends_with(const std::optional<Timestamp>& end) {
        if (end && *end < quote_.valid_until) quote_.valid_until = *end;
    }

    void check_offer() {
        if (rules_.offer == nullptr) {
            fault(
                "/offer_id", "unknown_offer", {"there is no such offer", "esta oferta não existe"}
            );
            return;
        }
        if (rules_.offer->status == "archived")
            fault("/offer_id", "archived", {"the offer is archived", "a oferta está arquivada"});
        quote_.currency = rules_.offer->currency;
        quote_.rounding = name_of(rounding());
        quote_.valid_until = question_.at + holds_for;
        offer_rule_ = "offer-" + rules_.offer->offer_id.str();
    }

    const ProductTerms* product(std::size_t line) const {
        return line < rules_.products.size() ? rules_.products[line] : nullptr;
    }

    std::optional<std::size_t> line_of(const Item& item) const {
        const auto& lines = rules_.offer->lines;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (item.product_id && lines[i].product_id == item.product_id) return i;
            const auto* known = product(i);
            if (item.sku && known != nullptr && known->sku == item.sku) return i;
        }
        return std::nullopt;
    }

    void find_wanted() {
        const auto& lines = rules_.offer->lines;
        wanted_.reserve(std::max(lines.size(), question_.items.size()));
        for (std::size_t i = 0; i < question_.items.size(); ++i) {
            const auto& item = question_.items[i];
            if (item.product_id.has_value() == item.sku.has_value()) {
                fault(
                    at_item(i, item.sku ? "sku" : "product_id"),
                    "either",
                    {"product_id or sku is required, one of them",
                     "product_id ou sku é obrigatório, um dos dois"}
                );
                continue;
            }
            const auto* const named = item.sku ? "sku" : "product_id";
            const auto line = line_of(item);
            if (!line) {
                fault(
                    at_item(i, named),
                    "unknown_product",
                    {"the offer has no such product", "a oferta não tem este produto"}
                );
            } else if (std::ranges::find(wanted_, *line, &Wanted::line) != wanted_.end()) {
                fault(
                    at_item(i, named), "duplicate", {"stands here already", "já está nesta lista"}
                );
            } else {
                wanted_.push_back({*line, item.quantity, at_item(i, named)});
            }
        }
        if (!question_.items.empty()) return;
        const bool all = std::ranges::none_of(lines, &OfferLine::required);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (all || lines[i].required) wanted_.push_back({i, lines[i].quantity, "/offer_id"});
        }
        if (lines.empty())
            fault(
                "/offer_id",
                "no_products",
                {"the offer has no products", "a oferta não tem produtos"}
            );
    }

    void price_lines() {
        constexpr std::size_t stages_of_line = 4, stages_of_order = 2;
        quote_.lines.reserve(wanted_.size());
        quote_.stages.reserve(wanted_.size() * stages_of_line + stages_of_order);
        for (const auto& wanted : wanted_) price_line(wanted);
    }

    void price_line(const Wanted& wanted) {
        const auto& line = rules_.offer->lines[wanted.line];
        const auto* known = product(wanted.line);
        if (known != nullptr && known->archived)
            return fault(
                wanted.at,
                "archived",
                {"the product is sold no more", "o produto não é mais vendido"}
            );
        const auto chosen = choose_price(question_, rules_, line, known, wanted.quantity);
        if (!chosen)
            return fault(
                wanted.at,
                "unknown_price",
                phrase(
                    "no price of the product is known in {}",
                    "não se conhece preço do produto em {}",
                    rules_.offer->currency
                )
            );
        const auto index = static_cast<std::int64_t>(quote_.lines.size());
        QuotedLine quoted;
        quoted.product_id = line.product_id;
        quoted.clubify_product_id = line.clubify_product_id;
        if (known != nullptr) {
            quoted.sku = known->sku;
            quoted.name = known->name;
        }
        quoted.quantity = wanted.quantity;
        quoted.unit_cents = chosen->unit_cents;
        const auto subtotal = narrow(static_cast<Wide>(chosen->unit_cents) * wanted.quantity);
        if (!subtotal) return faults_.push_back(too_large(wanted.at));
        quoted.subtotal_cents = *subtotal;
        if (!note_price(*chosen, known, *subtotal, wanted.quantity, index))
            return faults_.push_back(too_large(wanted.at));
        const auto discount = offer_discount(line, quoted);
        if (!discount) return faults_.push_back(too_large(wanted.at));
        quoted.discount_cents = *discount;
        quoted.total_cents = quoted.subtotal_cents - *discount;
        if (line.discount)
            note(
                "offer_discount",
                offer_rule_,
                rules_.offer->revision,
                index,
                quoted.subtotal_cents,
                -*discount
            );
        quote_.lines.push_back(std::move(quoted));
    }

    /// What it costs was decided when it was accepted.
    void add_bump(const events::AcceptedBump& bump) {
        const auto index = static_cast<std::int64_t>(quote_.lines.size());
        const auto discount = bump.unit_cents - bump.price_cents;
        note("base", bump.price_rule, bump.price_revision, index, 0, bump.unit_cents);
        if (discount != 0)
            note(
                "bump",
                "rulebook-" + question_.offer_id.str(),
                static_cast<Version>(bump.revision),
                index,
                bump.unit_cents,
                -discount
            );
        QuotedLine line;
        line.product_id = bump.product_id;
        line.clubify_product_id = bump.clubify_product_id;
        line.sku = bump.sku;
        line.name = bump.name;
        line.unit_cents = line.subtotal_cents = bump.unit_cents;
        line.discount_cents = discount;
        line.total_cents = bump.price_cents;
        line.bump = bump.bump;
        quote_.lines.push_back(std::move(line));
    }

    /// The list price, and what made another of it.
    bool note_price(
        const ChosenPrice& chosen,
        const ProductTerms* known,
        std::int64_t subtotal,
        std::int64_t quantity,
        std::int64_t index
    ) {
        using By = ChosenPrice::By;
        const bool by_list = chosen.by == By::list;
        const auto rule = by_list ? "pricelist-" + chosen.list->name : offer_rule_;
        const auto revision = by_list ? chosen.list->revision : rules_.offer->revision;
        if (by_list) ends_with(chosen.list->valid_to);
        const bool has_own =
            known != nullptr && known->price_cents && known->currency == rules_.offer->currency;
        if (!has_own) {
            note("base", rule, revision, index, 0, subtotal);
            return true;
        }
        const auto own = narrow(static_cast<Wide>(*known->price_cents) * quantity);
        if (!own) return false;
        note("base", "product-" + known->product_id.str(), known->revision, index, 0, *own);
        if (chosen.by != By::product)
            note(
                by_list ? "price_list" : "offer_price", rule, revision, index, *own, subtotal - *own
            );
        return true;
    }

    std::optional<std::int64_t> offer_discount(const OfferLine& line, const QuotedLine& quoted)
        const {
        if (!line.discount) return 0;
        const auto amounts = line_amounts(
            quoted.unit_cents,
            quoted.quantity,
            line.discount->type,
            line.discount->value.text,
            rounding()
        );
        if (!amounts) return std::nullopt;
        return amounts->discount;
    }

    void note(
        std::string_view stage,
        std::string rule,
        Version revision,
        std::optional<std::int64_t> line,
        std::int64_t base,
        std::int64_t delta,
        bool capped = false
    ) {
        quote_.stages.push_back(
            {std::string(stage), std::move(rule), revision, line, base, delta, capped}
        );
    }

    void check_coupons(bool has_cart) {
        if (question_.coupon && rules_.coupons.empty())
            fault(
                "/coupon", "unknown_coupon", {"there is no such coupon", "este cupom não existe"}
            );
        Wide cart = 0;
        for (const auto& line : quote_.lines) cart += line.total_cents;
        for (const auto* coupon : rules_.coupons) {
            for (auto& each : faults_of(*coupon, question_)) faults_.push_back(std::move(each));
            if (!has_cart) continue;
            if (coupon->min_cart_cents && cart < *coupon->min_cart_cents)
                fault(
                    "/coupon",
                    "min_cart",
                    phrase(
                        "the cart comes to less than the {} cents that the coupon is for",
                        "o carrinho chega a menos que os {} centavos que o cupom exige",
                        *coupon->min_cart_cents
                    )
                );
            if (std::ranges::none_of(quote_.lines, [coupon](const QuotedLine& line) {
                    return is_for(*coupon, line);
                }))
                fault(
                    "/coupon",
                    "other_products",
                    {"the coupon is for other products", "o cupom é para outros produtos"}
                );
        }
    }

    const MethodLimits* method() const {
        if (!question_.payment_method) return nullptr;
        const auto* found =
            std::ranges::find(methods, *question_.payment_method, &MethodLimits::method);
        return found == std::end(methods) ? nullptr : found;
    }

    void check_method() {
        if (!question_.payment_method) return;
        const auto* found = method();
        if (found == nullptr)
            return fault(
                "/payment_method",
                "unknown",
                {"is credit_card, pix or boleto", "é credit_card, pix ou boleto"}
            );
        if (found->only_in_brl && quote_.currency != brl)
            fault(
                "/payment_method",
                "other_currency",
                phrase(
                    "takes BRL alone, and the offer is in {}",
                    "só aceita BRL, e a oferta é em {}",
                    quote_.currency
                )
            );
        if (!found->in_instalments && question_.installments.value_or(1) > 1)
            fault(
                "/installments",
                "one_payment",
                phrase("{} is paid at once", "{} é pago de uma vez", found->method)
            );
    }

    void take_off_coupons() {
        const auto taken =
            take_coupons({rules_.coupons.begin(), rules_.coupons.end()}, quote_.lines, rounding());
        if (!taken) return faults_.push_back(too_large("/coupon"));
        for (const auto& [coupon, shares] : *taken) {
            ends_with(coupon->valid_to);
            for (std::size_t i = 0; i < quote_.lines.size(); ++i) {
                auto& line = quote_.lines[i];
                if (!is_for(*coupon, line)) continue;
                note(
                    "coupon",
                    "coupon-" + coupon->id,
                    coupon->revision,
                    static_cast<std::int64_t>(i),
                    line.total_cents,
                    -shares.of_lines[i],
                    shares.capped
                );
                line.discount_cents += shares.of_lines[i];
                line.total_cents -= shares.of_lines[i];
            }
        }
    }

    void sum() {
        Wide subtotal = 0, discount = 0;
        for (const auto& line : quote_.lines) {
            subtotal += line.subtotal_cents;
            discount += line.discount_cents;
        }
        quote_.shipping_cents = question_.shipping_cents.value_or(0);
        const auto whole = narrow(subtotal - discount + quote_.shipping_cents);
        if (!narrow(subtotal) || !whole) return faults_.push_back(too_large("/items"));
        quote_.subtotal_cents = *narrow(subtotal);
        quote_.discount_cents = *narrow(discount);
        quote_.total_cents = *whole;
        if (question_.shipping_cents) {
            note(
                "shipping",
                std::string(given),
                0,
                std::nullopt,
                quote_.subtotal_cents - quote_.discount_cents,
                quote_.shipping_cents
            );
        }
        pay();
    }

    /// In how many payments, and what of.
    void pay() {
        static const InstallmentPlan one_payment;
        const auto& plan = rules_.installments ? *rules_.installments : one_payment;
        const auto* taken_by = method();
        const bool at_once = taken_by != nullptr && !taken_by->in_instalments;
        const auto total = quote_.total_cents;
        quote_.installments = at_once ? one_payment.all(total, quote_.currency, rounding())
                                      : plan.all(total, quote_.currency, rounding());
        check_limits(taken_by);
        const auto count = question_.installments.value_or(1);
        if (count == 1 || at_once) return;
        const auto chosen = std::ranges::find(quote_.installments, count, &Installments::count);
        if (chosen == quote_.installments.end()) return fault_of_count();
        if (chosen->monthly_rate_ppm == 0) return;
        note(
            "interest",
            "pricing-installments",
            plan.terms().revision,
            std::nullopt,
            total,
            chosen->interest_cents
        );
        quote_.interest_cents = chosen->interest_cents;
        quote_.total_cents = chosen->total_cents;
    }

    /// What is free is paid by no method.
    void check_limits(const MethodLimits* taken_by) {
        if (taken_by == nullptr || quote_.currency != brl || quote_.total_cents == 0) return;
        if (quote_.total_cents < taken_by->least_cents || quote_.total_cents > taken_by->most_cents)
            fault(
                "/payment_method",
                "amount_limits",
                phrase(
                    "takes {} to {} cents, and the total is {}",
                    "aceita de {} a {} centavos, e o total é {}",
                    taken_by->least_cents,
                    taken_by->most_cents,
                    quote_.total_cents
                )
            );
    }

    void fault_of_count() {
        std::string counts;
        for (const auto& each : quote_.installments)
            counts += (counts.empty() ? "" : ", ") + std::to_string(each.count);
        if (counts.empty())
            return fault(
                "/installments",
                "out_of_range",
                {"what is free is not paid in instalments", "o que é grátis não se parcela"}
            );
        fault(
            "/installments",
            "out_of_range",
            phrase("what is offered: {}", "o que se oferece: {}", counts)
        );
    }

    const Question& question_;
    const Rules& rules_;
    std::string offer_rule_;
    std::vector<Wanted> wanted_;
    std::vector<Fault> faults_;
    Quote quote_;
};

}  // namespace

Decision decide(const Question& question, const Rules& rules) {
    return Deciding(question, rules).decide();
}

std::string_view name_of(Rounding rounding) {
    return rounding == Rounding::half_even ? "half_even" : "half_away";
}

std::optional<Rounding> rounding_named(std::string_view name) {
    if (name == name_of(Rounding::half_away)) return Rounding::half_away;
    if (name == name_of(Rounding::half_even)) return Rounding::half_even;
    return std::nullopt;
}

}  // namespace vitrine::rules::prices
