// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITerraLuminaVault} from "../ITerraLuminaVault.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title Payments to holders. No role has a part in them.
abstract contract Claims is VaultBase {
    using SafeERC20 for IERC20;

    /// @dev Most gas that one payment of many may use, and what must be left before it: see {NotEnoughGas}.
    uint256 private constant PAYMENT_GAS = 500_000;
    uint256 private constant GAS_BEFORE_PAYMENT = 520_000;

    /// @dev Zero means the holder's own address.
    mapping(address holder => address) private _payoutAddresses;
    /// @dev Bit n is set once anybody whose address ends in byte n has chosen a payout address. {claimMany} reads this
    /// one word instead of a slot for each holder, who mostly has chosen none: 2,000 gas less for each.
    uint256 private _payoutHints;

    /// @inheritdoc ITerraLuminaVault
    function claim(uint24[] calldata projectIds)
        external
        nonReentrant
        boundedList(projectIds.length)
        returns (uint256 paid)
    {
        address holder = _msgSender();
        address paidTo = payoutAddressOf(holder);
        for (uint256 i = 0; i < projectIds.length; ++i) paid += _pay(projectIds[i], holder, paidTo);
        if (paid == 0) revert NothingToClaim(projectIds.length == 0 ? 0 : projectIds[0], holder);
    }

    /// @inheritdoc ITerraLuminaVault
    function claimFor(uint24 projectId, address holder) external nonReentrant returns (uint256 paid) {
        paid = _pay(projectId, holder, payoutAddressOf(holder));
        if (paid == 0) revert NothingToClaim(projectId, holder);
    }

    /// @inheritdoc ITerraLuminaVault
    function claimMany(uint24 projectId, address[] calldata holders)
        external
        nonReentrant
        boundedList(holders.length)
        returns (uint256 paid)
    {
        uint256 hints = _payoutHints;
        for (uint256 i = 0; i < holders.length; ++i) {
            if (gasleft() < GAS_BEFORE_PAYMENT) revert NotEnoughGas(GAS_BEFORE_PAYMENT);
            address holder = holders[i];
            address paidTo = hints & _hintOf(holder) == 0 ? holder : payoutAddressOf(holder);
            try this.payHolder{gas: PAYMENT_GAS}(projectId, holder, paidTo) returns (uint256 amount) {
                paid += amount;
            } catch {
                emit ClaimSkipped(projectId, holder);
            }
        }
    }

    /// @notice The vault's call to itself, so that a payment that fails undoes its own claim only.
    function payHolder(uint24 projectId, address holder, address paidTo) external returns (uint256) {
        if (msg.sender != address(this)) revert OnlySelf();
        return _pay(projectId, holder, paidTo);
    }

    /// @inheritdoc ITerraLuminaVault
    function setPayoutAddress(address payoutAddress) external {
        if (payoutAddress == address(this)) revert InvalidPayoutAddress(payoutAddress);
        address holder = _msgSender();
        _payoutAddresses[holder] = payoutAddress;
        _payoutHints |= _hintOf(holder);
        emit PayoutAddressSet(holder, payoutAddress);
    }

    /// @inheritdoc ITerraLuminaVault
    function payoutAddressOf(address holder) public view returns (address payoutAddress) {
        payoutAddress = _payoutAddresses[holder];
        if (payoutAddress == address(0)) payoutAddress = holder;
    }

    function _pay(uint24 projectId, address holder, address paidTo) private returns (uint256 amount) {
        uint24 uptoEpoch;
        address token;
        address payee;
        (amount, uptoEpoch, token, payee) = _ledger.settleClaim(projectId, holder);
        if (amount == 0) return 0;
        // Neither a lost wallet nor the payout address it chose gets what is its successor's.
        if (payee != holder) paidTo = payoutAddressOf(payee);
        emit DistributionClaimed(projectId, holder, uptoEpoch, amount, paidTo);
        IERC20(token).safeTransfer(paidTo, amount);
    }

    function _hintOf(address holder) private pure returns (uint256) {
        return 1 << uint8(uint160(holder));
    }
}
