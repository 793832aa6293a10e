#include "commands/offers/lines.hpp"

#include <charconv>

namespace vitrine::commands {
namespace {

using events::OfferProduct;

/// A percentage is at most 100, a fixed discount whole cents.
void check_discount(
    const events::Discount& discount, const std::string& pointer, std::vector<Fault>& faults
) {
    const auto& text = discount.value.text;
    if (discount.type == "fixed") {
        std::int64_t cents = 0;
        const auto* end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, cents);
        if (error != std::errc() || rest != end) {
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

std::int64_t position_after(const std::vector<OfferProduct>& lines) {
    std::int64_t next = 0;
    for (const auto& line : lines) next = std::max(next, line.position + 1);
    return next;
}

}  // namespace

std::optional<OfferProduct> new_line(
    const OfferProductInput& input,
    const std::vector<OfferProduct>& lines,
    const KnownProducts& known,
    const std::string& pointer,
    std::vector<Fault>& faults
) {
    const auto faults_before = faults.size();
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
    } else if (const auto found = known.find(*input.product_id); found == known.end()) {
        faults.push_back(
            {pointer + "/product_id",
             "unknown_product",
             {"there is no such product", "este produto não existe"}}
        );
    } else if (input.clubify_product_id && *input.clubify_product_id != found->second) {
        faults.push_back(
            {pointer + "/clubify_product_id",
             "mismatch",
             {"the product has another id on Clubify", "o produto tem outro id na Clubify"}}
        );
    } else {
        line.product_id = input.product_id;
        line.clubify_product_id = found->second;
    }
    if (!line.clubify_product_id.empty() &&
        find_line(lines, line.clubify_product_id.str(), known) != nullptr) {
        faults.push_back(
            {pointer + (input.product_id ? "/product_id" : "/clubify_product_id"),
             "duplicate",
             {"the product is in the offer already", "o produto já está na oferta"}}
        );
    }
    line.position = position_after(lines);
    line = changed_line(std::move(line), input, pointer, faults);
    if (faults.size() != faults_before) return std::nullopt;
    return line;
}

OfferProduct changed_line(
    OfferProduct line,
    const OfferProductInput& input,
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
    return line;
}

const OfferProduct* find_line(
    const std::vector<OfferProduct>& lines, const std::string& product, const KnownProducts& known
) {
    const auto ours = known.find(ProductId(product));
    const auto id = ours == known.end() ? ClubifyId(product) : ours->second;
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
        const auto found = known.find(*input.product_id);
        if (found == known.end() || found->second != line.clubify_product_id)
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
        Rejection::Kind::not_found,
        {"The product is not in the offer.", "O produto não está na oferta."},
        {}
    });
}

}  // namespace vitrine::commands
