// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CommunityDao} from "../CommunityDao.sol";
import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaVault} from "../TerraLuminaVault.sol";
import {TestUsdc} from "../TestUsdc.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {FickleReceiver} from "./DaoReceivers.sol";
import {LogBook} from "./told/LogBook.sol";
import {vm} from "./Vm.sol";

/// @dev What tests of the ledger act with: contracts, people, the attestor's key. Deploys nothing, so that the runner
/// recognises a handler by its code.
abstract contract LedgerActors {
    uint24 public constant PROJECT = 1;
    /// @dev Everybody has some units of it; moved in batches only.
    uint24 public constant SECOND = 2;
    uint56 public constant CAP = 1_000_000;
    uint32 public constant MAX_HOLDERS = 4;
    uint40 public constant NOTICE = 30 days;
    uint128 public constant EXIT_TARGET = 1_000;
    uint128 public constant BUY_OUT = 3_000_000_000;
    address public constant TREASURY = address(0x7EA5);
    address public constant REGISTRY = address(0x1001);
    address public constant TREASURER = address(0x1002);
    address public constant SELLER = address(0x1003);
    address public constant ELECTOR = address(0x1004);
    uint40 public constant MIN_CLAWBACK = 60 days;
    /// @dev Which of the holders is a {MeddlingHolder}.
    uint256 internal constant MEDDLER = 4;
    uint256 internal constant ATTESTOR_KEY = 0xA77E57;

    TerraLuminaOwnership public ledger;
    TerraLuminaVault public vault;
    TestUsdc public token;
    CommunityDao public dao;
    /// @dev What the events so far say.
    LogBook public book;
    /// @dev May receive, and refuses when it likes; never minted to.
    FickleReceiver public fickle;
    /// @dev The wallets in use; and all that ever were, with the DAO.
    address[] public holders;
    address[] public everybody;

    function holderAt(uint256 seed) public view returns (address) {
        return holders[seed % holders.length];
    }

    function peopleCount() external view returns (uint256) {
        return everybody.length;
    }

    function timeNow() public view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function today() public view returns (uint256) {
        return timeNow() / 1 days;
    }

    function setAccount(address account, uint8 flags, uint40 expiry) internal {
        ILedgerTypes.Account memory record = recordOf(account, flags, expiry);
        vm.prank(REGISTRY);
        ledger.setAccount(account, record);
    }

    /// @dev The investor behind a wallet is told by its number; relinked wallets keep it.
    function recordOf(address account, uint8 flags, uint40 expiry)
        internal
        view
        returns (ILedgerTypes.Account memory record)
    {
        record = ledger.accountOf(account);
        (record.flags, record.expiry, record.country) = (flags, expiry, 276);
        if (record.investorId == 0) record.investorId = uint64(uint160(account));
    }

    function ordersOf(bytes32 id, address investor, uint56 units, uint16 unlockDay)
        internal
        pure
        returns (ILedgerTypes.Order[] memory orders)
    {
        orders = new ILedgerTypes.Order[](1);
        orders[0] = ILedgerTypes.Order(id, investor, units, unlockDay);
    }

    function voucherFor(uint24 projectId, ILedgerTypes.Order[] memory orders)
        internal
        view
        returns (ILedgerTypes.Voucher memory)
    {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(ATTESTOR_KEY, ledger.hashOfMint(projectId, orders, type(uint40).max));
        return ILedgerTypes.Voucher(type(uint40).max, abi.encodePacked(r, s, v));
    }

    function mintOne(uint24 projectId, bytes32 id, address investor, uint56 units, uint16 day) internal returns (bool) {
        ILedgerTypes.Voucher memory voucher = voucherFor(projectId, ordersOf(id, investor, units, day));
        return ledger.mintInvestment(id, projectId, investor, units, day, voucher);
    }

    function distributeAs(address treasurer, bytes32 id, uint256 amount) internal {
        vm.prank(treasurer);
        vault.distributeReturns(id, PROJECT, amount, 0, "");
    }
}
