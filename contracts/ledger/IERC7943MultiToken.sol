// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ERC-7943 for several tokens, final, https://eips.ethereum.org/EIPS/eip-7943. Interface id 0x41c4fbad.
interface IERC7943MultiToken {
    /// @notice An enforcer moved units without their holder.
    event ForcedTransfer(address indexed from, address indexed to, uint256 indexed tokenId, uint256 amount);
    /// @param amount Units frozen after the change
    event Frozen(address indexed account, uint256 indexed tokenId, uint256 amount);

    /// @notice The account may not send units.
    error ERC7943CannotSend(address account);
    /// @notice The account may not receive units.
    error ERC7943CannotReceive(address account);
    /// @notice The units may not move between the two.
    error ERC7943CannotTransfer(address from, address to, uint256 tokenId, uint256 amount);
    /// @param unfrozen Units that may move
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 tokenId, uint256 amount, uint256 unfrozen);

    /// @notice Moves units to an eligible account, whatever is frozen or locked. Frozen ones are unfrozen first.
    function forcedTransfer(address from, address to, uint256 tokenId, uint256 amount) external returns (bool result);
    /// @notice Sets the frozen units of an account; may exceed the balance. Amounts beyond 56 bits are kept as 2^56 − 1.
    function setFrozenTokens(address account, uint256 tokenId, uint256 amount) external returns (bool result);
    /// @notice Whether the account may send at all. Never reverts.
    function canSend(address account) external view returns (bool allowed);
    /// @notice Whether the account may receive at all. Never reverts.
    function canReceive(address account) external view returns (bool allowed);
    /// @notice Units frozen; may exceed the balance. Never reverts.
    function getFrozenTokens(address account, uint256 tokenId) external view returns (uint256 amount);
    /// @notice Whether no permissioned rule refuses the transfer; says nothing about the balance. Never reverts.
    function canTransfer(address from, address to, uint256 tokenId, uint256 amount)
        external
        view
        returns (bool allowed);
}
