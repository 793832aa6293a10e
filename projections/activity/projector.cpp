#include "core/text.hpp"
#include "events/catalogue.hpp"
#include "events/people.hpp"
#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_activity =
    "CREATE TABLE activity("
    " tenant TEXT NOT NULL, position INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"  // microseconds
    " actor TEXT NOT NULL,"  // the principal: key:<prefix>, cli
    " type TEXT NOT NULL, stream TEXT NOT NULL,"
    " offer_id TEXT NOT NULL,"            // '' when no offer is concerned
    " product_id TEXT NOT NULL,"          // likewise
    " clubify_product_id TEXT NOT NULL,"  // of a product in an offer
    " summary TEXT NOT NULL,"             // what it is about, and the reason or what was set
    " search TEXT NOT NULL,"              // folded: type, actor, name, summary, products
    " PRIMARY KEY(tenant, position)) WITHOUT ROWID";

/// No later event changes a row, so that there is no use in holding many.
constexpr std::size_t rows_at_once = 1000;

struct Row {
    TenantId tenant;
    Position position = 0;
    Timestamp at;
    std::string actor, type, stream, offer_id, product_id, clubify_product_id, summary, search;
};

std::string_view text_or_nothing(json::value value) {
    return value.type() == json::json_type::string ? text_of(value) : std::string_view();
}

class Activity : public Projector {
public:
    Activity(SQLite::Database& database, Tables)
        : insert_(
              database.getHandle(), "INSERT OR REPLACE INTO activity VALUES(?,?,?,?,?,?,?,?,?,?,?)"
          ) {}

    void apply(const RecordedEvent& event) override {
        read_event(event, [&] { rows_.push_back(row_of(event)); });
        bytes_ += sizeof(Row) + event.type.size() + 2 * rows_.back().search.size() + 128;
        if (rows_.size() == rows_at_once) write();
    }

    void write() override {
        for (const auto& row : rows_) {
            insert_.execute(
                row.tenant,
                row.position,
                row.at,
                row.actor,
                row.type,
                row.stream,
                row.offer_id,
                row.product_id,
                row.clubify_product_id,
                row.summary,
                row.search
            );
        }
        forget();
    }

    void forget() override {
        rows_.clear();
        bytes_ = 0;
    }

    std::size_t bytes() const override { return bytes_; }

private:
    Row row_of(const RecordedEvent& event) {
        Row row;
        row.tenant = event.tenant;
        row.position = event.position;
        row.at = event.recorded_at;
        row.type = event.type;
        row.stream = event.stream.str();
        note_entity(row, event.stream);
        for (auto field : payload_.open(event.metadata)) {
            const std::string_view member = field.unescaped_key();
            if (member == "actor") row.actor = text_of(field.value());
        }
        std::string name;
        read_payload(event, row, name);
        row.search = fold(
            row.type + ' ' + row.actor + ' ' + name + ' ' + row.summary + ' ' + row.product_id +
            ' ' + row.clubify_product_id
        );
        return row;
    }

    static void note_entity(Row& row, const StreamName& stream) {
        if (events::category_of(stream) == "offer") row.offer_id = events::id_of(stream);
        if (events::category_of(stream) == "product") row.product_id = events::id_of(stream);
    }

    /// Nobody is found here by what names them, whether they are erased or not: which members an
    /// event has is all that is told.
    static RecordedEvent without_people(RecordedEvent event) {
        auto data = events::with_people(
            event.type,
            event.data,
            [](const events::PersonMember&, const events::PersonText&) {
                return events::PersonText::sealed({});
            }
        );
        if (data) event.data = *std::move(data);
        return event;
    }

    void read_payload(const RecordedEvent& event, Row& row, std::string& name) {
        if (events::names_people(event.type)) {
            read_members(without_people(event), row, name);
        } else {
            read_members(event, row, name);
        }
    }

    void read_members(const RecordedEvent& event, Row& row, std::string& name) {
        const auto category = events::category_of(event.stream);
        std::string about, reason, members;
        for (auto field : payload_.open(event)) {
            const std::string_view member = field.unescaped_key();
            json::value value = field.value();
            if (member == "offer_id") {
                row.offer_id = text_of(value);
            } else if (member == "product_id") {
                row.product_id = text_of(value);
            } else if (member == "reason") {
                reason = text_or_nothing(value);
            } else if (category == "offer" && member == "clubify_product_id") {
                row.clubify_product_id = text_of(value);
            } else if (category == "projection") {
                if (member == "projection") about = text_of(value);
                if (member == "stream") note_entity(row, StreamName(text_of(value)));
            } else if (!member.ends_with("_id") && member != "class") {
                if (member == "name") name = text_or_nothing(value);
                if (!members.empty()) members += ", ";
                members += member;
            }
        }
        row.summary = reason.empty() ? members : reason;
        if (!about.empty()) row.summary = about + (row.summary.empty() ? "" : ": ") + row.summary;
    }

    Statement insert_;
    Payload payload_;
    std::vector<Row> rows_;
    std::size_t bytes_ = 0;
};

/// Of each there are several a sale: the history of the stock has them, or that of the checkout.
bool is_of_each_sale(const events::EventType& type) {
    return type.category == "reservation" || type.category == "hook" ||
           (type.category == "stock" && type.name != "StockSet" && type.name != "StockAdjusted");
}

}  // namespace

Projection activity_projection() {
    Projection projection;
    projection.name = "activity";
    projection.version = 3;
    projection.readable_since = 3;
    projection.poison = Poison::park_stream;
    for (const auto& type : events::catalogue()) {
        if (!events::is_operator_category(type.category) && !is_of_each_sale(type))
            projection.event_types.emplace_back(type.name);
    }
    projection.tables.push_back(
        {"activity",
         create_activity,
         {"tenant", "position"},
         {"CREATE INDEX activity_offer ON activity(tenant, offer_id, position)",
          "CREATE INDEX activity_actor ON activity(tenant, actor, position)"}}
    );
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Activity>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
