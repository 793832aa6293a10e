#include "commands/engine/awaited_answers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "store/read.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds between_looks{200};

}  // namespace

std::shared_ptr<Pending> AwaitedAnswers::expect(const store::CommandName& name) {
    auto pending = std::make_shared<Pending>(loop_);
    waiting_[name] = pending;
    if (!is_looking_later_) look_later();
    return pending;
}

void AwaitedAnswers::answered(const store::CommandName& name) {
    if (waiting_.contains(name)) look_at({name});
}

void AwaitedAnswers::let_go() {
    for (auto& [name, pending] : waiting_) {
        pending->is_over = true;
        pending->timer.cancel();
    }
    waiting_.clear();
    timer_.cancel();
}

void AwaitedAnswers::look_later() {
    is_looking_later_ = true;
    timer_.expires_after(between_looks);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code) {
        const auto self = weak.lock();
        if (!self) return;
        self->is_looking_later_ = false;
        std::erase_if(self->waiting_, [](const auto& each) { return each.second->is_left; });
        if (self->waiting_.empty()) return;
        std::vector<store::CommandName> names;
        for (const auto& [name, pending] : self->waiting_) names.push_back(name);
        self->look_at(std::move(names));
        self->look_later();
    });
}

void AwaitedAnswers::look_at(std::vector<store::CommandName> names) {
    asio::co_spawn(loop_, look(shared_from_this(), std::move(names)), asio::detached);
}

asio::awaitable<void> AwaitedAnswers::look(Self self, std::vector<store::CommandName> names) {
    std::vector<store::CommandRecord> ended;
    try {
        co_await store::read(self->store_, [&] {
            for (const auto& [tenant, id] : names) {
                auto record = self->store_.journal().find(tenant, id);
                if (record && record->state == store::CommandState::done)
                    ended.push_back(*std::move(record));
            }
        });
    } catch (const std::exception&) {  // it is looked at again; the client is told 202 in the end
        co_return;
    }
    for (const auto& record : ended) {
        const auto found = self->waiting_.find({record.tenant, record.head.id});
        if (found == self->waiting_.end()) continue;
        found->second->reply = reply_from(*record.answer, record.head.id, record.position);
        found->second->timer.cancel();
        self->waiting_.erase(found);
    }
}

}  // namespace vitrine::commands
