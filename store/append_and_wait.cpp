#include "store/append_and_wait.hpp"

#include <future>
#include <memory>

namespace vitrine::store {

AppendResult append_and_wait(EventStore& store, Append append) {
    // Shared: whoever waits may be gone before the writer has left the promise.
    const auto done = std::make_shared<std::promise<AppendResult>>();
    store.append(std::move(append), [done](AppendResult result) {
        done->set_value(std::move(result));
    });
    return done->get_future().get();
}

}  // namespace vitrine::store
