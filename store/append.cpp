#include "store/append.hpp"

#include <future>
#include <memory>

#include "core/async.hpp"

namespace vitrine::store {

boost::asio::awaitable<AppendResult> append_to(EventStore& store, Append append) {
    co_return co_await wait_for_completion<AppendResult>(
        [&store, append = std::move(append)](Completion<AppendResult> done) mutable {
            store.append(std::move(append), std::move(done));
        }
    );
}

AppendResult append_and_wait(EventStore& store, Append append) {
    // Shared: whoever waits may be gone before the writer has left the promise.
    const auto done = std::make_shared<std::promise<AppendResult>>();
    store.append(std::move(append), [done](AppendResult result) {
        done->set_value(std::move(result));
    });
    return done->get_future().get();
}

}  // namespace vitrine::store
