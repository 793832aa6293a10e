#include "commands/orders/order_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <charconv>
#include <map>
#include <memory>

#include "commands/plain_id.hpp"
#include "core/csv.hpp"
#include "core/email_address.hpp"
#include "core/money.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

enum Column : std::size_t {
    order_id,
    at,
    offer_slug,
    product_id,
    quantity,
    amount_cents,
    source,
    medium,
    campaign,
    status,
    customer,
    name,
    email,
    country,
    discount_cents,
    shipping_cents,
    payment_method,
    currency,
    all_columns
};

constexpr std::array<std::string_view, all_columns> column_names = {
    "order_id",
    "time",
    "offer_slug",
    "product_id",
    "quantity",
    "amount_cents",
    "source",
    "medium",
    "campaign",
    "status",
    "customer",
    "name",
    "email",
    "country",
    "discount_cents",
    "shipping_cents",
    "payment_method",
    "currency"
};

/// What is of the whole order: told by one line, or by several alike.
constexpr Column of_the_order[] = {
    source,
    medium,
    campaign,
    status,
    customer,
    name,
    email,
    country,
    discount_cents,
    shipping_cents,
    payment_method,
    currency
};

constexpr std::int64_t most_cents = 1'000'000'000'000;
constexpr std::int64_t most_quantity = 1'000'000'000;
constexpr std::size_t longest_text = 255;

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t most) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end || value > most || value < -most) return std::nullopt;
    return value;
}

std::optional<Timestamp> time_in(std::string_view text, const Zone& zone) {
    if (const auto time = parse_time(text)) return time;
    constexpr std::size_t without_seconds = std::string_view("2011-01-04 10:00").size();
    std::string local(text);
    if (local.size() == without_seconds) local += ":00";
    const auto wall = parse_time(local + 'Z');
    if (!wall) return std::nullopt;
    return zone.time_of(*wall);
}

std::optional<std::string> told(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

bool is_cancelled(std::string_view text) {
    return text == "cancelled" || text == "canceled";
}

}  // namespace

/// The fields of one line by column, in the order of the file's header or not there.
struct OrderFile::Line {
    std::string_view operator[](Column column) const {
        const auto place = (*columns)[column];
        return place < 0 ? std::string_view() : fields[static_cast<std::size_t>(place)];
    }

    const std::vector<int>* columns = nullptr;
    std::vector<std::string_view> fields;
    std::unique_ptr<CsvReader> reader = {};  // what stood in quotes is kept there
};

/// What is wrong with the fields of a line, each by itself.
class OrderFile::Reading {
public:
    Reading(OrderFile& file, const Line& line, std::size_t number)
        : file_(file), line_(line), number_(number) {}

    void look() {
        if (line_[order_id].empty()) {
            wrong("no order_id");
        } else if (!is_plain_id(line_[order_id])) {
            wrong("an order_id that is not 1 to 200 printable characters without a blank");
        }
        if (!time_in(line_[at], file_.zone_))
            wrong(
                "a time that is not RFC 3339, as 2011-01-31T12:00:00Z, nor a local one, as "
                "2011-01-31 12:00:00"
            );
        if (!whole_number(line_[quantity], most_quantity))
            wrong("a quantity that is not a whole number of at most 10^9");
        if (!whole_number(line_[amount_cents], most_cents))
            wrong("amount_cents that are not a whole number of at most 10^12");
        for (const auto column : {discount_cents, shipping_cents}) {
            const auto cents = whole_number(line_[column], most_cents);
            if (!line_[column].empty() && (!cents || *cents < 0))
                wrong(fmt::format(
                    "{} that are not a whole number from 0 to 10^12", column_names[column]
                ));
        }
        if (line_[status].empty()) wrong("no status");
        if (!line_[email].empty() && !email_address(line_[email]))
            wrong("an email that is no e-mail address");
        if (!line_[currency].empty() && !Currency::find(line_[currency]))
            wrong("a currency that is no code of ISO 4217 in capital letters, such as BRL");
        for (const auto column :
             {offer_slug,
              product_id,
              source,
              medium,
              campaign,
              status,
              customer,
              name,
              country,
              payment_method})
            look_at_text(column);
    }

private:
    void look_at_text(Column column) {
        const auto text = line_[column];
        if (text.size() > longest_text) {
            wrong(fmt::format("a {} of more than {} bytes", column_names[column], longest_text));
        } else if (std::ranges::any_of(text, [](char c) { return c >= 0 && c < ' '; })) {
            wrong(fmt::format("a control character in {}", column_names[column]));
        }
    }
    void wrong(std::string_view what) { file_.wrong(number_, fmt::format("has {}", what)); }

    OrderFile& file_;
    const Line& line_;
    std::size_t number_;
};

OrderFile::OrderFile(std::string_view text, Zone zone, const Progress& progress)
    : text_(text), zone_(zone) {
    if (!is_utf8(text)) {
        wrong(1, "or another is not UTF-8");
        return;
    }
    read(progress);
    look_at_orders();
    std::ranges::sort(faults_);
}

void OrderFile::wrong(std::size_t line, std::string what) {
    ++fault_count_;
    if (faults_.size() < most_faults) faults_.push_back({line, std::move(what)});
}

void OrderFile::read(const Progress& progress) {
    CsvReader reader(text_);
    std::vector<std::string_view> header;
    const auto first = reader.next(header);
    if (!first) return wrong(reader.line_number(), first.error());
    if (!*first) return wrong(1, "is not a header: the file is empty");
    columns_.assign(all_columns, -1);
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto* found = std::ranges::find(column_names, header[i]);
        if (found == column_names.end()) {
            wrong(1, fmt::format("names a column that there is not: \"{}\"", header[i]));
            continue;
        }
        auto& place = columns_[static_cast<std::size_t>(found - column_names.begin())];
        if (place >= 0) wrong(1, fmt::format("names the column {} twice", header[i]));
        place = static_cast<int>(i);
    }
    for (std::size_t column = 0; column < customer; ++column) {
        if (columns_[column] < 0) wrong(1, fmt::format("names no column {}", column_names[column]));
    }
    if (fault_count_ != 0) return;

    boost::unordered_flat_map<std::string, std::uint32_t> numbers;  // of orders, by their ids
    constexpr std::size_t between = 4096;
    Line line{&columns_, {}};
    while (true) {
        const auto more = reader.next(line.fields);
        const auto number = reader.line_number();
        if (!more) return wrong(number, more.error());  // nobody knows where the next one begins
        if (!*more) break;
        if (line.fields.size() != header.size()) {
            wrong(
                number,
                fmt::format("has {} columns instead of {}", line.fields.size(), header.size())
            );
            continue;
        }
        Reading(*this, line, number).look();
        const auto next = static_cast<std::uint32_t>(numbers.size());
        const auto [known, is_new] = numbers.try_emplace(std::string(line[order_id]), next);
        places_.push_back({reader.offset(), known->second, static_cast<std::uint32_t>(number)});
        if (progress && places_.size() % between == 0) progress(reader.offset());
    }
    group(numbers.size());
}

void OrderFile::group(std::size_t orders) {
    std::ranges::sort(places_, {}, [](const Place& place) {
        return std::pair(place.order, place.line);
    });
    begins_.assign(orders + 1, 0);
    for (const auto& place : places_) ++begins_[place.order + 1];
    for (std::size_t i = 0; i < orders; ++i) begins_[i + 1] += begins_[i];
}

OrderFile::Line OrderFile::line_at(std::size_t place) const {
    Line line{&columns_, {}};
    line.reader = std::make_unique<CsvReader>(text_.substr(places_[place].offset));
    // It was read before, as it is.
    (void)line.reader->next(line.fields);
    return line;
}

/// Of an order that tells them.
struct OrderFile::Buyer {
    std::string email, reference;
};

void OrderFile::look_at_order(std::size_t order, bool readable, Buyer& buyer, FileCustomer& who) {
    std::array<std::string, all_columns> of_all;
    std::array<std::uint32_t, all_columns> told_on{};
    std::int64_t sum = 0;
    bool only_sold = true;
    for (std::size_t i = begins_[order]; i < begins_[order + 1]; ++i) {
        const auto line = line_at(i);
        const auto number = places_[i].line;
        const auto cents = whole_number(line[amount_cents], most_cents).value_or(0);
        sum += cents;
        only_sold = only_sold && cents >= 0;
        for (const auto column : of_the_order) {
            auto& known = of_all[column];
            const auto text = line[column];
            if (text.empty() || known == text) continue;
            if (known.empty()) {
                known = text;
                told_on[column] = number;
                continue;
            }
            wrong(
                number,
                fmt::format(
                    "has another {} than line {} of the same order",
                    column_names[column],
                    told_on[column]
                )
            );
        }
    }
    const auto number_in = [&](Column column) {
        return whole_number(of_all[column], most_cents).value_or(0);
    };
    // Of a file that cannot be read in whole nobody knows what an order comes to.
    if (readable && only_sold && number_in(discount_cents) > sum + number_in(shipping_cents))
        wrong(
            std::max(told_on[discount_cents], places_[begins_[order]].line),
            "has a discount that is more than its order"
        );
    if (of_all[currency].empty()) lacks_currency_ = true;
    buyer.email = email_address(of_all[email]).value_or("");
    buyer.reference = of_all[customer];
    who = {buyer.email, of_all[customer], of_all[name], of_all[country]};
}

void OrderFile::look_at_orders() {
    const bool readable = fault_count_ == 0;
    std::map<std::string, std::string, std::less<>> emails;  // of those who are named otherwise too
    std::vector<std::uint32_t> buyer_of(orders(), 0);
    boost::unordered_flat_map<std::string, std::uint32_t> numbers;
    const auto number_of = [&](std::string key) {
        const auto next = static_cast<std::uint32_t>(customers_.size());
        const auto [known, is_new] = numbers.try_emplace(std::move(key), next);
        if (is_new) customers_.emplace_back();
        return known->second;
    };
    for (std::size_t i = 0; i < orders(); ++i) {
        Buyer buyer;
        FileCustomer who;
        if (line_at(begins_[i])[order_id].empty()) continue;  // lines of nobody knows which orders
        look_at_order(i, readable, buyer, who);
        if (buyer.email.empty() && buyer.reference.empty()) continue;
        if (!buyer.email.empty() && !buyer.reference.empty())
            emails.try_emplace(buyer.reference, buyer.email);
        const auto number = number_of(buyer.email.empty() ? '#' + buyer.reference : buyer.email);
        auto& customer = customers_[number];
        customer.email = buyer.email;
        if (customer.reference.empty()) customer.reference = buyer.reference;
        if (customer.name.empty()) customer.name = who.name;
        if (customer.country.empty()) customer.country = who.country;
        buyer_of[i] = number + 1;
    }
    // Who has an address anywhere in the file has it everywhere.
    std::vector<std::uint32_t> same(customers_.size());
    std::vector<FileCustomer> kept;
    for (const bool with_address : {true, false}) {
        for (std::size_t i = 0; i < customers_.size(); ++i) {
            auto& each = customers_[i];
            if (each.email.empty() == with_address) continue;
            const auto address = emails.find(each.reference);
            if (!with_address && address != emails.end()) {
                same[i] = same[numbers.at(address->second)];
                auto& other = kept[same[i]];
                if (other.name.empty()) other.name = each.name;
                if (other.country.empty()) other.country = each.country;
                continue;
            }
            same[i] = static_cast<std::uint32_t>(kept.size());
            kept.push_back(each);
        }
    }
    customers_ = std::move(kept);
    for (auto& buyer : buyer_of) {
        if (buyer != 0) buyer = same[buyer - 1] + 1;
    }
    buyers_ = std::move(buyer_of);
}

std::optional<std::size_t> OrderFile::customer_of(std::size_t order) const {
    if (buyers_[order] == 0) return std::nullopt;
    return buyers_[order] - 1;
}

events::OrderRecorded OrderFile::order(std::size_t order, const CurrencyOf& currency_of) const {
    events::OrderRecorded recorded;
    recorded.told_by = "import";
    const auto keep = [](std::optional<std::string>& text, std::string_view other) {
        if (!text) text = told(other);
    };
    const auto cents_of = [](std::string_view text) {
        return whole_number(text, most_cents).value_or(0);
    };
    std::optional<std::string> slug;
    bool one_offer = true;
    for (std::size_t i = begins_[order]; i < begins_[order + 1]; ++i) {
        const auto line = line_at(i);
        if (recorded.lines.empty()) {
            recorded.order_id = line[order_id];
            recorded.placed_at = time_in(line[at], zone_).value_or(Timestamp());
            slug = line[offer_slug];
        }
        if (recorded.status.empty()) recorded.status = line[status];
        if (recorded.currency.empty()) recorded.currency = line[currency];
        if (recorded.discount_cents == 0) recorded.discount_cents = cents_of(line[discount_cents]);
        if (recorded.shipping_cents == 0) recorded.shipping_cents = cents_of(line[shipping_cents]);
        keep(recorded.payment_method, line[payment_method]);
        keep(recorded.source, line[source]);
        keep(recorded.medium, line[medium]);
        keep(recorded.campaign, line[campaign]);
        one_offer = one_offer && *slug == line[offer_slug];
        auto& sold = recorded.lines.emplace_back();
        sold.product_id = line[product_id];
        if (!line[offer_slug].empty()) sold.offer_id = "slug:" + std::string(line[offer_slug]);
        sold.quantity = whole_number(line[quantity], most_quantity).value_or(0);
        sold.amount_cents = cents_of(line[amount_cents]);
        recorded.total_cents += sold.amount_cents;
    }
    recorded.total_cents += recorded.shipping_cents - recorded.discount_cents;
    if (one_offer) {
        recorded.offer_id = recorded.lines.front().offer_id;
        for (auto& line : recorded.lines) line.offer_id.reset();
    }
    if (is_cancelled(recorded.status)) recorded.status = "cancelled";
    if (recorded.status == "completed") recorded.settled_at = recorded.placed_at;
    if (recorded.currency.empty())
        recorded.currency = (slug ? currency_of(*slug) : std::nullopt).value_or("BRL");
    return recorded;
}

}  // namespace vitrine::commands
