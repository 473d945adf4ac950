defmodule Amqp do
  @moduledoc """
  As much of AMQP 0-9-1 as one durable queue needs: log in, declare, publish with confirmation, consume, acknowledge. One channel a
  connection. After `connect/1` the socket is passive; its owner makes it active and gives what arrives to `frames/1`.
  See https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf
  """

  @queue "profile-commands"
  @frame_max 131_072
  @chunk 131_064
  @end_of_frame 0xCE
  @timeout 5_000

  @doc "Connects to the first of `address:port,…` that answers, beginning anywhere, and declares the queue."
  def connect_any(addresses) do
    addresses
    |> String.split(",", trim: true)
    |> Enum.shuffle()
    |> Enum.find_value({:error, :none}, fn address ->
      case connect(address) do
        {:ok, socket} -> {:ok, socket}
        _ -> nil
      end
    end)
  end

  defp connect(address) do
    [host, port] = String.split(address, ":")
    options = [:binary, active: false, nodelay: true, keepalive: true, send_timeout: @timeout]

    with {:ok, socket} <- :gen_tcp.connect(to_charlist(host), String.to_integer(port), options, @timeout) do
      case log_in(socket) do
        :ok -> {:ok, socket}
        error -> (:gen_tcp.close(socket); error)
      end
    end
  end

  defp log_in(socket) do
    login = <<0, System.get_env("QUEUE_USER", "app")::binary, 0, System.get_env("RABBITMQ_PASSWORD", "")::binary>>

    with :ok <- :gen_tcp.send(socket, <<"AMQP", 0, 0, 9, 1>>),
         {:ok, {10, 10, _}} <- method(socket),
         :ok <- call(socket, 0, 10, 11, [table([]), short("PLAIN"), long(login), short("en_US")]),
         {:ok, {10, 30, _}} <- method(socket),
         :ok <- call(socket, 0, 10, 31, <<1::16, @frame_max::32, 10::16>>),
         :ok <- call(socket, 0, 10, 40, [short("/"), short(""), 0]),
         {:ok, {10, 41, _}} <- method(socket),
         :ok <- call(socket, 1, 20, 10, short("")),
         {:ok, {20, 11, _}} <- method(socket),
         # Durable, and a quorum queue whatever the broker makes by default.
         :ok <- call(socket, 1, 50, 10, [<<0::16>>, short(@queue), 2, table([{"x-queue-type", "quorum"}])]),
         {:ok, {50, 11, _}} <- method(socket) do
      :ok
    else
      other -> {:error, other}
    end
  end

  def confirm(socket) do
    with :ok <- call(socket, 1, 85, 10, <<0>>), {:ok, {85, 11, _}} <- method(socket), do: :ok
  end

  def consume(socket, prefetch) do
    with :ok <- call(socket, 1, 60, 10, <<0::32, prefetch::16, 0>>),
         {:ok, {60, 11, _}} <- method(socket),
         :ok <- call(socket, 1, 60, 20, [<<0::16>>, short(@queue), short("writer"), 0, table([])]),
         {:ok, {60, 21, _}} <- method(socket),
         do: :ok
  end

  @doc "A message that outlives the broker, in one piece on the wire."
  def publish(socket, body) do
    chunks = for <<chunk::binary-size(@chunk) <- body>>, do: frame(3, 1, chunk)
    rest = rem(byte_size(body), @chunk)
    last = if rest > 0, do: [frame(3, 1, binary_part(body, byte_size(body) - rest, rest))], else: []

    :gen_tcp.send(socket, [
      frame(1, 1, [<<60::16, 40::16, 0::16>>, short(""), short(@queue), 0]),
      # Of the properties only the delivery mode: 2, on disk.
      frame(2, 1, <<60::16, 0::16, byte_size(body)::64, 0x1000::16, 2>>),
      chunks,
      last
    ])
  end

  @doc "Acknowledges all messages up to this one."
  def acknowledge(socket, tag), do: call(socket, 1, 60, 80, <<tag::64, 1>>)

  def heartbeat(socket), do: :gen_tcp.send(socket, frame(8, 0, ""))

  @doc "The whole frames at the beginning, as `{type, payload}`, and what is left."
  def frames(data, found \\ [])

  def frames(<<type, _::16, size::32, payload::binary-size(size), @end_of_frame, rest::binary>>, found) do
    frames(rest, [{type, payload} | found])
  end

  def frames(rest, found), do: {Enum.reverse(found), rest}

  # What RabbitMQ sends before it answers is read and left, heartbeats above all.
  defp method(socket) do
    with {:ok, <<type, _::16, size::32>>} <- :gen_tcp.recv(socket, 7, @timeout),
         {:ok, data} <- :gen_tcp.recv(socket, size + 1, @timeout) do
      case {type, data} do
        {1, <<class::16, method::16, rest::binary>>} -> {:ok, {class, method, rest}}
        {8, _} -> method(socket)
        _ -> {:error, :unexpected}
      end
    end
  end

  defp call(socket, channel, class, method, arguments) do
    :gen_tcp.send(socket, frame(1, channel, [<<class::16, method::16>>, arguments]))
  end

  defp frame(type, channel, payload) do
    [<<type, channel::16, IO.iodata_length(payload)::32>>, payload, @end_of_frame]
  end

  defp short(text), do: <<byte_size(text), text::binary>>
  defp long(text), do: <<byte_size(text)::32, text::binary>>

  defp table(pairs) do
    IO.iodata_to_binary(for {key, value} <- pairs, do: [short(key), ?S, long(value)]) |> long()
  end
end
