// The uses of a coupon: held, used, freed, given back; never more than there are.
#include <rapidcheck.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "commands/areas.hpp"
#include "commands/coupons/coupon.hpp"
#include "commands/engine/bus.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"
#include "core/uuid.hpp"
#include "events/new_event.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const events::CouponId id("verao10");
const auto now = *parse_time("2026-12-01T12:00:00Z");

events::CouponCreated created() {
    events::CouponCreated event;
    event.coupon_id = id;
    event.code = "VERAO10";
    event.discount = {"percentage", JsonText("10")};
    return event;
}

spec::Given<CouponState> given(const CouponEvents& history) {
    return spec::given<CouponState>(history);
}

events::CouponLocked locked(
    const std::string& reference, std::optional<std::string> customer = {}
) {
    return {id, reference, std::move(customer)};
}

}  // namespace

TEST_CASE("a use is held, used and given back, once for a reference", "[coupon]") {
    const events::CouponRedeemed redeemed{id, "c1", "k1"};
    const events::CouponReleased released{id, "c1", "k1"};
    const events::CouponRestored restored{id, "c1", "k1"};
    const auto held = locked("c1", "k1");
    given({created()}).when(LockCoupon{"c1", "k1"}, now).then({held});
    given({created(), held}).when(LockCoupon{"c1", "k1"}, now).then_nothing();
    given({created(), held}).when(RedeemCoupon{"c1"}).then({redeemed});
    given({created(), held, redeemed}).when(RedeemCoupon{"c1"}).then_nothing();
    given({created(), held, redeemed}).when(LockCoupon{"c1", "k1"}, now).then_nothing();
    given({created(), held}).when(ReleaseCoupon{"c1"}).then({released});
    given({created(), held, released}).when(ReleaseCoupon{"c1"}).then_nothing();
    given({created()}).when(ReleaseCoupon{"c1"}).then_nothing();
    given({created(), held, redeemed}).when(RestoreCoupon{"c1"}).then({restored});
    given({created(), held, redeemed, restored}).when(RestoreCoupon{"c1"}).then_nothing();
    given({created(), held, released}).when(LockCoupon{"c1", "k1"}, now).then({held});
}

TEST_CASE("what is not held is not used, and what is used is not freed", "[coupon]") {
    const events::CouponRedeemed redeemed{id, "c1", {}};
    given({created()}).when(RedeemCoupon{"c1"}).then_rejected("illegal-transition");
    given({created(), locked("c1"), redeemed})
        .when(ReleaseCoupon{"c1"})
        .then_rejected("illegal-transition");
    given({created(), locked("c1")}).when(RestoreCoupon{"c1"}).then_rejected("illegal-transition");
}

TEST_CASE("a use is held while the coupon goes, and what is held outlives its end", "[coupon]") {
    auto coupon = created();
    coupon.valid_from = now;
    coupon.valid_to = now + std::chrono::hours(1);
    const auto at = [&](Timestamp time) {
        return given({coupon}).when(LockCoupon{"c1", {}}, time);
    };
    at(now - std::chrono::microseconds(1)).then_rejected("coupon-unavailable");
    at(now).then({locked("c1")});
    at(*coupon.valid_to - std::chrono::microseconds(1)).then({locked("c1")});
    at(*coupon.valid_to).then_rejected("coupon-unavailable");
    const events::CouponDisabled disabled{id, {}};
    given({coupon, disabled}).when(LockCoupon{"c1", {}}, now).then_rejected("coupon-unavailable");
    given({coupon, locked("c1"), disabled})
        .when(RedeemCoupon{"c1"})
        .then({events::CouponRedeemed{id, "c1", {}}});
}

TEST_CASE("of what each customer has so many nobody takes without a name", "[coupon]") {
    auto coupon = created();
    coupon.max_uses_per_customer = 1;
    given({coupon}).when(LockCoupon{"c1", {}}, now).then_fault("/customer_id", "required_by_limit");
    given({coupon, locked("c1", "k1")})
        .when(LockCoupon{"c2", "k1"}, now)
        .then_rejected("coupon-unavailable");
    given({coupon, locked("c1", "k1")})
        .when(LockCoupon{"c2", "k2"}, now)
        .then({locked("c2", "k2")});
}

TEST_CASE("a coupon does what a plain count of its uses says", "[coupon]") {
    CHECK(rc::check("for any order of locks, redemptions, releases and refunds", [] {
        auto coupon = created();
        if (*rc::gen::arbitrary<bool>()) coupon.max_uses = *rc::gen::inRange(1, 4);
        if (*rc::gen::arbitrary<bool>()) coupon.max_uses_per_customer = *rc::gen::inRange(1, 3);
        CouponState state = evolve({}, coupon);
        std::map<std::string, std::string> of;  // customer of each use there is
        std::set<std::string> used;             // of these those that are used
        const auto uses_of = [&of](const std::string& customer) {
            return std::ranges::count_if(of, [&](const auto& use) {
                return use.second == customer;
            });
        };
        for (int step = 0; step < 40; ++step) {
            const auto reference = "c" + std::to_string(*rc::gen::inRange(0, 6));
            const auto customer = "k" + std::to_string(*rc::gen::inRange(0, 3));
            const bool is_there = of.contains(reference), is_used = used.contains(reference);
            bool may = true, changes = true;
            CouponDecision decision;
            switch (*rc::gen::inRange(0, 4)) {
                case 0:
                    may = is_there || ((!coupon.max_uses ||
                                        static_cast<std::int64_t>(of.size()) < *coupon.max_uses) &&
                                       (!coupon.max_uses_per_customer ||
                                        uses_of(customer) < *coupon.max_uses_per_customer));
                    changes = !is_there;
                    decision = decide(LockCoupon{reference, customer}, state, now);
                    if (may && changes) of[reference] = customer;
                    break;
                case 1:
                    may = is_there;
                    changes = !is_used;
                    decision = decide(RedeemCoupon{reference}, state);
                    if (may) used.insert(reference);
                    break;
                case 2:
                    may = !is_used;
                    changes = is_there;
                    decision = decide(ReleaseCoupon{reference}, state);
                    if (may) of.erase(reference);
                    break;
                default:
                    may = !is_there || is_used;
                    changes = is_used;
                    decision = decide(RestoreCoupon{reference}, state);
                    if (may) {
                        of.erase(reference);
                        used.erase(reference);
                    }
            }
            RC_ASSERT(decision.has_value() == may);
            if (!may) continue;
            RC_ASSERT(decision->size() == (changes ? 1U : 0U));
            for (const auto& event : *decision) state = evolve(std::move(state), event);
            RC_ASSERT(state.uses.size() == of.size());
        }
    }));
}

namespace {

/// One process of several on the log: a bus with a loop and a thread of its own.
class OwnBus {
public:
    OwnBus(store::EventStore& log, const std::string& name) : facts_(facts_of_log(log)) {
        BusOptions options;
        options.turn_wait = std::chrono::minutes(1);  // as many as want the one coupon
        options.deadline = std::chrono::minutes(1);
        options.lease.owner = name;
        bus_ = std::make_unique<CommandBus>(
            BusParts{
                .loop = loop_.get_executor(),
                .store = log,
                .facts = *facts_,
                .commands = coupon_use_commands(),
                .connectors = {},
                .tenant_context = {},
                .clock = system_clock(),
                .new_id = uuid_v7_source(system_clock()),
                .notify = [](const Notice&) {}
            },
            options
        );
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~OwnBus() {
        work_.reset();
        boost::asio::post(loop_, [this] { bus_.reset(); });
        thread_.join();
    }
    OwnBus(const OwnBus&) = delete;
    OwnBus& operator=(const OwnBus&) = delete;

    CommandReply handle(CommandRequest request) {
        return boost::asio::co_spawn(
                   loop_, bus_->handle(std::move(request)), boost::asio::use_future
        )
            .get();
    }

private:
    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        loop_.get_executor()
    };
    std::unique_ptr<const Facts> facts_;
    std::unique_ptr<CommandBus> bus_;
    std::thread thread_;
};

CommandRequest lock_request(const std::string& reference) {
    CommandRequest request;
    request.principal = {TenantId("acme"), store::Role::admin, "process:checkout"};
    request.name = "LockCoupon";
    request.method = "POST";
    request.entity_id = "VERAO10";
    request.body = Json({{"reference", reference}, {"customer_id", reference}}).dump();
    return request;
}

void append_coupon(store::EventStore& log, const events::CouponCreated& coupon) {
    auto encoded = events::encode(coupon);
    store::Append append;
    append.tenant = TenantId("acme");
    append.streams.push_back(
        {StreamName("coupon-verao10"),
         store::ExpectedVersion::no_stream(),
         {events::new_event(
             EventId(uuid_v7_source(system_clock())()), std::move(encoded), events::Metadata(), now
         )}}
    );
    std::promise<bool> done;
    log.append(std::move(append), [&](const store::AppendResult& result) {
        done.set_value(result.has_value());
    });
    REQUIRE(done.get_future().get());
}

}  // namespace

TEST_CASE("64 threads over four buses want one use of a coupon: one has it", "[coupon]") {
    constexpr int buses = 4, threads = 64, tries = 4;
    store::MemoryEventStore log(system_clock());
    auto coupon = created();
    coupon.max_uses = 1;
    append_coupon(log, coupon);
    std::atomic<int> won = 0, refused = 0, other = 0;
    {
        std::vector<std::unique_ptr<OwnBus>> all;
        for (int i = 0; i < buses; ++i)
            all.push_back(std::make_unique<OwnBus>(log, "bus-" + std::to_string(i)));
        std::vector<std::thread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([&, i] {
                for (int n = 0; n < tries; ++n) {
                    const auto reply = all[static_cast<std::size_t>(i + n) % buses]->handle(
                        lock_request("c" + std::to_string(i) + '-' + std::to_string(n))
                    );
                    if (reply.status == 200) {
                        ++won;
                    } else if (reply.body.contains("coupon-unavailable")) {
                        ++refused;
                    } else {
                        ++other;
                        UNSCOPED_INFO(reply.status << ' ' << reply.body);
                    }
                }
            });
        }
        for (auto& caller : callers) caller.join();
    }
    CHECK(won == 1);
    CHECK(refused == threads * tries - 1);
    CHECK(other == 0);
    CHECK(log.stream_version(TenantId("acme"), StreamName("coupon-verao10")) == 2);
}
