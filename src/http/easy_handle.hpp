#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "transfer.hpp"

namespace referee::http {

/// One libcurl handle, set up for one request after another. Whoever drives it adds it to a multi handle. Used by one
/// thread at a time.
class EasyHandle {
 public:
  explicit EasyHandle(const ClientOptions& options);

  [[nodiscard]] CURL* get() const { return easy_.get(); }
  /// Prepares the handle for the request, which stays where it is until finish(). `fresh` opens a new connection even
  /// if one is idle.
  void configure(const WireRequest& request, bool fresh);
  /// Tells the transfer once its connection is up.
  void watch_connection(Transfer& transfer, std::chrono::steady_clock::time_point now) const;
  /// What libcurl's last code means; nullopt: a response.
  std::optional<Error> outcome(CURLcode code, const Transfer& transfer, std::string_view authority);
  /// Everything that was observed.
  WireResult finish(Transfer& transfer, const WireRequest& request, std::optional<Error> error);

  /// What may explain that nothing was answered.
  [[nodiscard]] std::string_view doubt(const Transfer& transfer) const;

 private:
  struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, ListDeleter>;

  static int before_request(void* self, char* address, char* local_address, int port, int local_port);
  void configure_tls();
  void configure_proxy(const std::string& url);
  void configure_body(const WireRequest& request);
  Error failure(CURLcode code, const Transfer& transfer, std::string_view authority);

  const ClientOptions& options_;
  std::unique_ptr<CURL, EasyDeleter> easy_;
  List headers_;
  List connect_to_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  int attempts_ = 0;                   ///< how often libcurl began to send the request
  bool may_repeat_ = false;            ///< libcurl, on its own
  bool lost_ = false;                  ///< a reused connection ended before anything was answered
  std::set<std::string> http2_peers_;  ///< authorities
  bool demands_plain_http2_ = false;
};

}  // namespace referee::http
