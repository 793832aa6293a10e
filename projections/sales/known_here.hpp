#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/payload.hpp"
#include "projections/projector.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// How an order names a customer that only the platform knows.
std::string clubify_customer(std::string_view clubify_id);
/// How an order names an offer of which only the slug was told.
std::string offer_by_slug(std::string_view slug);

/// The offers, products and customers of ours that orders name, in tables beside them: orders are
/// told before what they name is known here, and after, and queries join them.
class KnownHere {
public:
    static constexpr std::string_view event_types[] = {
        "OfferCreated",
        "OfferAdopted",
        "ProductCreated",
        "ProductAdopted",
        "ProductEdited",
        "CustomerRegistered",
        "CustomerChanged",
        "CustomersMerged"
    };
    static std::vector<Table> tables();

    KnownHere(SQLite::Database& database, Tables tables);

    void note(const RecordedEvent& event, std::string_view category, Payload& payload);
    void write();
    void forget();
    std::size_t bytes() const;

private:
    /// By what an order may call it: the platform's id, or its slug.
    struct Offer {
        std::string clubify_offer_id, offer_id, currency;
        Position position = 0;
        std::size_t bytes() const {
            return sizeof(Offer) + clubify_offer_id.size() + offer_id.size() + currency.size();
        }
    };
    struct Product {
        std::string clubify_product_id, sku, name;
        Position position = 0;
        std::size_t bytes() const {
            return sizeof(Product) + clubify_product_id.size() + sku.size() + name.size();
        }
    };
    struct Customer {
        std::string clubify_customer_id, merged_into;
        Position position = 0;
        std::size_t bytes() const {
            return sizeof(Customer) + clubify_customer_id.size() + merged_into.size();
        }
    };

    void note_offer(const RecordedEvent& event, Payload& payload);
    void note_product(const RecordedEvent& event, Payload& payload);
    void note_customer(const RecordedEvent& event, Payload& payload);

    MadeStatement insert_offer_, insert_product_, insert_customer_;
    std::optional<MadeStatement> select_product_, select_customer_;
    RowCache<Offer> offers_;
    RowCache<Product> products_;
    RowCache<Customer> customers_;
};

}  // namespace vitrine::projections
