defmodule Http do
  @moduledoc "HTTP/1.1 on the socket that Erlang brings: it parses requests itself. One process a connection."

  @acceptors 16
  @idle_ms 60_000
  @longest_body 65_536

  def child_spec(options) do
    %{id: __MODULE__, start: {__MODULE__, :start_link, [options]}, type: :supervisor}
  end

  def start_link(port: port) do
    {:ok, socket} =
      :gen_tcp.listen(port, [
        :binary,
        packet: :http_bin,
        active: false,
        reuseaddr: true,
        nodelay: true,
        backlog: 4096,
        send_timeout: 10_000
      ])

    acceptors =
      for number <- 1..@acceptors do
        %{id: number, start: {Task, :start_link, [fn -> accept(socket) end]}, restart: :permanent}
      end

    Supervisor.start_link(acceptors, strategy: :one_for_one, max_restarts: 1000, max_seconds: 10)
  end

  defp accept(listening) do
    {:ok, socket} = :gen_tcp.accept(listening)

    process =
      spawn(fn ->
        receive do: (:yours -> serve(socket))
      end)

    :ok = :gen_tcp.controlling_process(socket, process)
    send(process, :yours)
    accept(listening)
  end

  defp serve(socket) do
    with {:ok, {:http_request, method, {:abs_path, path}, _}} <- :gen_tcp.recv(socket, 0, @idle_ms),
         {:ok, length, keep} <- headers(socket, 0, true),
         {:ok, body} <- body(socket, length) do
      {status, text} = Endpoints.answer(method, path, body)
      :ok = :gen_tcp.send(socket, response(status, text, keep))
      if keep, do: serve(socket), else: :gen_tcp.close(socket)
    else
      {:refused, status} ->
        :gen_tcp.send(socket, response(status, "", false))
        :gen_tcp.close(socket)

      _ ->
        :gen_tcp.close(socket)
    end
  end

  defp headers(socket, length, keep) do
    case :gen_tcp.recv(socket, 0, @idle_ms) do
      {:ok, {:http_header, _, :"Content-Length", _, value}} ->
        case Integer.parse(value) do
          {number, ""} when number in 0..@longest_body -> headers(socket, number, keep)
          _ -> {:refused, 413}
        end

      {:ok, {:http_header, _, :"Transfer-Encoding", _, _}} ->
        {:refused, 411}

      {:ok, {:http_header, _, :Connection, _, value}} ->
        headers(socket, length, String.downcase(value) != "close")

      {:ok, {:http_header, _, _, _, _}} ->
        headers(socket, length, keep)

      {:ok, :http_eoh} ->
        {:ok, length, keep}

      _ ->
        {:refused, 400}
    end
  end

  defp body(_socket, 0), do: {:ok, ""}

  defp body(socket, length) do
    :ok = :inet.setopts(socket, packet: :raw)
    received = :gen_tcp.recv(socket, length, @idle_ms)
    :ok = :inet.setopts(socket, packet: :http_bin)
    received
  end

  defp response(status, text, keep) do
    connection = if keep, do: "keep-alive", else: "close"

    [
      "HTTP/1.1 #{status} #{reason(status)}\r\ncontent-length: #{IO.iodata_length(text)}\r\n",
      "content-type: application/json\r\nconnection: #{connection}\r\n\r\n",
      text
    ]
  end

  defp reason(200), do: "OK"
  defp reason(202), do: "Accepted"
  defp reason(400), do: "Bad Request"
  defp reason(404), do: "Not Found"
  defp reason(503), do: "Service Unavailable"
  defp reason(_), do: "Error"
end
