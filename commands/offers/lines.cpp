#include "commands/offers/lines.hpp"

#include <charconv>

namespace vitrine::commands {
namespace {

using events::OfferProduct;

/// What a line comes to, at most: sums of many lines stay exact in whatever reads JSON.
constexpr std::int64_t most_cents_of_line = 10'000'000'000'000;

std::optional<std::int64_t> fixed_cents(const events::Discount& discount) {
    const auto& text = discount.value.text;
    const auto* end = text.data() + text.size();
    std::int64_t cents = 0;
    const auto [rest, error] = std::from_chars(text.data(), end, cents);
    if (discount.type != "fixed" || error != std::errc() || rest != end) return std::nullopt;
    return cents;
}

/// A percentage is at most 100, a fixed discount whole cents.
void check_discount(
    const events::Discount& discount, const std::string& pointer, std::vector<Fault>& faults
) {
    const auto& text = discount.value.text;
    if (discount.type == "fixed") {
        if (!fixed_cents(discount)) {
            faults.push_back(
                {pointer + "/discount/value",
                 "type",
                 {"a fixed discount is integer cents",
                  "um desconto fixo é um número inteiro de centavos"}}
            );
        }
        return;
    }
    if (discount.type != "percentage") return;
    double percent = 0;
    std::from_chars(text.data(), text.data() + text.size(), percent);
    if (percent > 100)
        faults.push_back(
            {pointer + "/discount/value",
             "maximum",
             {"a percentage is 0 to 100", "uma porcentagem vai de 0 a 100"}}
        );
}

/// Faults of amounts are told at what the input gives; what it leaves alone is not its fault.
void check_amounts(
    const OfferProduct& line,
    const OfferProductInput& input,
    const KnownProduct* product,
    const std::string& pointer,
    std::vector<Fault>& faults
) {
    const bool new_price = input.price_cents || input.clear_price;
    if (!new_price && !input.discount && !input.quantity) return;
    const auto price = product == nullptr ? std::nullopt : product->price_cents;
    for (auto& fault : faults_of_amounts(line, price)) {
        const bool given =
            fault.pointer == "/quantity" ? input.quantity.has_value() : input.discount.has_value();
        if (!given) fault.pointer = "/price_cents";
        if (!given && !new_price) continue;
        fault.pointer = pointer + fault.pointer;
        faults.push_back(std::move(fault));
    }
}

/// May a product that is known here be in an offer of that currency?
void check_product(
    const KnownProduct& product,
    const std::string& currency,
    const std::string& pointer,
    std::vector<Fault>& faults
) {
    if (product.archived) {
        faults.push_back(
            {pointer, "archived_product", {"the product is archived", "o produto está arquivado"}}
        );
    }
    check_currency(product, currency, pointer, faults);
}

std::int64_t position_after(const std::vector<OfferProduct>& lines) {
    std::int64_t next = 0;
    for (const auto& line : lines) next = std::max(next, line.position + 1);
    return next;
}

}  // namespace

const KnownProduct* find_product(const KnownProducts& known, const ProductId& id) {
    const auto found = std::ranges::find(known, id, &KnownProduct::id);
    return found == known.end() ? nullptr : &*found;
}

const KnownProduct* find_product(const KnownProducts& known, const ClubifyId& id) {
    const auto found = std::ranges::find(known, id, &KnownProduct::clubify_id);
    return found == known.end() ? nullptr : &*found;
}

void check_currency(
    const KnownProduct& product,
    const std::string& currency,
    const std::string& pointer,
    std::vector<Fault>& faults
) {
    if (product.currency != currency) {
        faults.push_back(
            {pointer,
             "currency",
             phrase(
                 "the product's price is in {}, the offer in {}",
                 "o preço do produto é em {}, a oferta em {}",
                 product.currency,
                 currency
             )}
        );
    }
}

std::optional<OfferProduct> new_line(
    const OfferProductInput& input,
    const std::vector<OfferProduct>& lines,
    const std::string& currency,
    const KnownProducts& known,
    const std::string& pointer,
    std::vector<Fault>& faults
) {
    const auto named_by = pointer + (input.product_id ? "/product_id" : "/clubify_product_id");
    const KnownProduct* product = nullptr;
    OfferProduct line;
    if (!input.product_id && !input.clubify_product_id) {
        faults.push_back(
            {pointer + "/product_id",
             "required",
             {"product_id or clubify_product_id is required",
              "product_id ou clubify_product_id é obrigatório"}}
        );
    } else if (!input.product_id) {
        line.clubify_product_id = *input.clubify_product_id;
        product = find_product(known, line.clubify_product_id);
        if (product != nullptr) line.product_id = product->id;
    } else if (product = find_product(known, *input.product_id); product == nullptr) {
        faults.push_back(
            {named_by, "unknown_product", {"there is no such product", "este produto não existe"}}
        );
    } else if (input.clubify_product_id && *input.clubify_product_id != product->clubify_id) {
        faults.push_back(
            {pointer + "/clubify_product_id",
             "mismatch",
             {"the product has another id on Clubify", "o produto tem outro id na Clubify"}}
        );
    } else {
        line.product_id = input.product_id;
        line.clubify_product_id = product->clubify_id;
    }
    if (product != nullptr) check_product(*product, currency, named_by, faults);
    if (!line.clubify_product_id.empty() &&
        find_line(lines, line.clubify_product_id.str(), known) != nullptr) {
        faults.push_back(
            {named_by,
             "duplicate",
             {"the product is in the offer already", "o produto já está na oferta"}}
        );
    }
    line.position = position_after(lines);
    line = changed_line(std::move(line), input, product, pointer, faults);
    if (line.clubify_product_id.empty()) return std::nullopt;
    return line;
}

std::vector<Fault> faults_of_amounts(
    const OfferProduct& line, std::optional<std::int64_t> product_price_cents
) {
    const auto price = line.price_cents ? line.price_cents : product_price_cents;
    if (!price) return {};
    std::vector<Fault> faults;
    const auto discount = line.discount ? fixed_cents(*line.discount) : std::nullopt;
    if (discount && *discount > *price) {
        faults.push_back(
            {"/discount/value",
             "above_price",
             phrase(
                 "a discount of {} is more than the price of {} cents",
                 "um desconto de {} é maior que o preço de {} centavos",
                 *discount,
                 *price
             )}
        );
    }
    if (line.quantity > 0 && *price > most_cents_of_line / line.quantity) {
        faults.push_back(
            {"/quantity",
             "too_much",
             phrase(
                 "{} times {} is more than {} cents",
                 "{} vezes {} é mais que {} centavos",
                 line.quantity,
                 *price,
                 most_cents_of_line
             )}
        );
    }
    return faults;
}

OfferProduct changed_line(
    OfferProduct line,
    const OfferProductInput& input,
    const KnownProduct* product,
    const std::string& pointer,
    std::vector<Fault>& faults
) {
    if (input.quantity) line.quantity = *input.quantity;
    if (input.position) line.position = *input.position;
    if (input.required) line.required = *input.required;
    if (input.price_cents) line.price_cents = input.price_cents;
    if (input.discount) {
        check_discount(*input.discount, pointer, faults);
        line.discount = input.discount;
    }
    if (!input.rules.empty()) line.rules = input.rules;
    if (input.clear_price) line.price_cents.reset();
    if (input.clear_discount) line.discount.reset();
    if (input.clear_rules) line.rules = {};
    check_amounts(line, input, product, pointer, faults);
    return line;
}

const OfferProduct* find_line(
    const std::vector<OfferProduct>& lines, const std::string& product, const KnownProducts& known
) {
    const auto* ours = find_product(known, ProductId(product));
    const auto id = ours == nullptr ? ClubifyId(product) : ours->clubify_id;
    const auto found = std::ranges::find(lines, id, &OfferProduct::clubify_product_id);
    return found == lines.end() ? nullptr : &*found;
}

void check_same_product(
    const OfferProduct& line,
    const OfferProductInput& input,
    const KnownProducts& known,
    std::vector<Fault>& faults
) {
    if (input.product_id) {
        const auto* found = find_product(known, *input.product_id);
        if (found == nullptr || found->clubify_id != line.clubify_product_id)
            faults.push_back(
                {"/product_id",
                 "mismatch",
                 {"is not the product of the path", "não é o produto do caminho"}}
            );
    }
    if (input.clubify_product_id && *input.clubify_product_id != line.clubify_product_id) {
        faults.push_back(
            {"/clubify_product_id",
             "mismatch",
             {"is not the product of the path", "não é o produto do caminho"}}
        );
    }
}

std::unexpected<Rejection> no_such_line() {
    return std::unexpected(Rejection{
        "not-found", {"The product is not in the offer.", "O produto não está na oferta."}, {}
    });
}

}  // namespace vitrine::commands
